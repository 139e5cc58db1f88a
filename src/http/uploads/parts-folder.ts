import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const SWEEP_MS = 3_600_000;
/** What comes after the name of a part that is being received, of its terms, and of what became of it. */
const TERMS = '.json';
const OUTCOME = '.taken';

const outcome = z.object({ cid: z.string(), size: z.number() });

/** What became of an upload that was taken in. */
type Outcome = z.output<typeof outcome>;

/**
 * `HOME/uploads`: the parts of uploads that go on later, each with the terms under which it was begun, and
 * which asset became of those that are whole. All of it goes when its time is over, counted from the start
 * of the upload: at once when the folder is opened, and every hour.
 */
export class PartsFolder implements Disposable {
  readonly path: string;
  /** How long an upload may take, and is remembered. */
  readonly keptMs: number;
  readonly #sweeping: NodeJS.Timeout;

  private constructor(path: string, keptMs: number) {
    this.path = path;
    this.keptMs = keptMs;
    // What cannot be removed now is tried again.
    this.#sweeping = setInterval(() => void this.#sweep().catch(() => {}), SWEEP_MS).unref();
  }

  static async open(home: string, keptMs: number): Promise<PartsFolder> {
    const path = join(home, 'uploads');
    await mkdir(path, { recursive: true, mode: 0o700 });
    const folder = new PartsFolder(path, keptMs);
    await folder.#sweep();
    return folder;
  }

  /** Returns how many uploads there are whose names begin so. */
  async count(prefix: string): Promise<number> {
    const names = await readdir(this.path);
    return names.filter((name) => name.startsWith(prefix) && name.endsWith(TERMS)).length;
  }

  async outcomeOf(id: string): Promise<Outcome | undefined> {
    try {
      return outcome.parse(JSON.parse(await readFile(this.#outcomePath(id), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Remembers what became of an upload, and removes its bytes. */
  async settle(id: string, became: Outcome): Promise<void> {
    const path = this.#outcomePath(id);
    await writeFile(`${path}.new`, JSON.stringify(became), { mode: 0o600 });
    await rename(`${path}.new`, path);
    await rm(join(this.path, id), { force: true });
  }

  /** Removes everything of an upload. */
  async remove(id: string): Promise<void> {
    const names = await readdir(this.path);
    await this.#removeNamed(names.filter((name) => name.startsWith(id)));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeping);
  }

  /** Looks at each name by itself: what a killed node has left may be any of an upload, or none. */
  async #sweep(): Promise<void> {
    const ended: string[] = [];
    for (const name of await readdir(this.path)) {
      // Terms are written once, when an upload begins.
      const began =
        (await this.#changedAt(name.replace(/(\..*)?$/, TERMS))) ?? (await this.#changedAt(name));
      if (began !== undefined && Date.now() - began > this.keptMs) ended.push(name);
    }
    await this.#removeNamed(ended);
  }

  async #changedAt(name: string): Promise<number | undefined> {
    try {
      return (await stat(join(this.path, name))).mtimeMs;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #removeNamed(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(join(this.path, name), { recursive: true, force: true });
  }

  #outcomePath(id: string): string {
    return join(this.path, `${id}${OUTCOME}`);
  }
}
