import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onFile } from '../../core/file-fault.ts';
import { TAG_LENGTH } from '../callers/caller-tag.ts';

const KEPT_MS = 24 * 3_600_000;
const SWEEP_MS = 3_600_000;
/** What comes after the name of a file while it is written. */
const NEW = '.new';

/**
 * A folder of texts that are kept for 24 hours after they were written, each under a name that begins with
 * whose it is (`tagOf`). What the system refuses is thrown as `file_unreadable` or `disk_full`.
 */
export class KeptAnswers implements Disposable {
  readonly #folder: string;
  /** When each was written, those of each caller together. */
  readonly #written = new Map<string, Map<string, number>>();
  #count = 0;
  readonly #sweeping: NodeJS.Timeout;

  private constructor(folder: string) {
    this.#folder = folder;
    // What cannot be removed now is tried again.
    this.#sweeping = setInterval(() => void this.#sweep().catch(() => {}), SWEEP_MS).unref();
  }

  static async open(folder: string): Promise<KeptAnswers> {
    return onFile(folder, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const kept = new KeptAnswers(folder);
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        // A node that was killed was writing it.
        if (name.endsWith(NEW)) await rm(path, { recursive: true, force: true });
        else kept.#remember(name, (await stat(path)).mtimeMs);
      }
      await kept.#sweep();
      return kept;
    });
  }

  get count(): number {
    return this.#count;
  }

  /** Returns how many there are of one caller. */
  countOf(tag: string): number {
    return this.#written.get(tag)?.size ?? 0;
  }

  /** Returns a text; undefined where there is none, or none any more. */
  async read(name: string): Promise<string | undefined> {
    const at = this.#written.get(tagIn(name))?.get(name);
    if (at === undefined || Date.now() - at > KEPT_MS) return undefined;
    const path = join(this.#folder, name);
    return onFile(path, () => readFile(path, 'utf8').catch(undefinedIfMissing));
  }

  /** Durable when the promise resolves. */
  async write(name: string, text: string): Promise<void> {
    const path = join(this.#folder, name);
    await onFile(path, async () => {
      await writeFile(path + NEW, text, { flush: true, mode: 0o600 });
      await rename(path + NEW, path);
      this.#remember(name, Date.now());
      await using folder = await open(this.#folder);
      await folder.sync();
    });
  }

  async remove(name: string): Promise<void> {
    const path = join(this.#folder, name);
    await onFile(path, async () => {
      for (const one of [path, path + NEW]) await rm(one, { recursive: true, force: true });
    });
    const own = this.#written.get(tagIn(name));
    if (own?.delete(name)) this.#count -= 1;
    if (own?.size === 0) this.#written.delete(tagIn(name));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeping);
  }

  #remember(name: string, at: number): void {
    const tag = tagIn(name);
    const own = this.#written.get(tag) ?? new Map<string, number>();
    this.#written.set(tag, own);
    if (!own.has(name)) this.#count += 1;
    own.set(name, at);
  }

  async #sweep(): Promise<void> {
    const ended = [...this.#written.values()].flatMap((own) =>
      [...own].filter(([, at]) => Date.now() - at > KEPT_MS),
    );
    for (const [name] of ended) await this.remove(name);
  }
}

/** Returns whose a name is. */
function tagIn(name: string): string {
  return name.slice(0, TAG_LENGTH);
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
