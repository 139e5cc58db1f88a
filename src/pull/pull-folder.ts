import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SEALS } from '../core/dataset/release-files.ts';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';

/** What is not whole yet, in the folder that is pulled into. */
const UNFINISHED = '.ringfence-pull';

/** A folder that a release is pulled into, by this process alone until it is disposed. */
export class PullFolder implements AsyncDisposable {
  readonly path: string;
  readonly unfinished: string;
  /** `release.json` as it lies there: a pull has been finished. Undefined for one that was broken off. */
  readonly finished: Uint8Array | undefined;

  private constructor(path: string, finished: Uint8Array | undefined) {
    this.path = path;
    this.unfinished = join(path, UNFINISHED);
    this.finished = finished;
  }

  /** @throws {ArchiveError} `busy` if another process pulls into it; `file_unreadable`, `disk_full`. */
  static async open(path: string): Promise<PullFolder> {
    return onFile(path, async () => {
      await mkdir(join(path, UNFINISHED), { recursive: true });
      await claim(join(path, UNFINISHED, 'pid'), path);
      return new PullFolder(path, await readIfThere(join(path, SEALS.manifest)));
    });
  }

  /** Writes a small file, whole or not at all, and durably. */
  async write(name: string, bytes: Uint8Array | string): Promise<void> {
    const path = join(this.path, name);
    const fresh = join(this.unfinished, `${name.replaceAll('/', '-')}.new`);
    await onFile(path, async () => {
      await writeFile(fresh, bytes, { flush: true });
      if (name.includes('/')) await mkdir(join(path, '..'), { recursive: true });
      await rename(fresh, path);
    });
  }

  /** Makes the names in the folder durable, and leaves nothing unfinished behind. */
  async finish(): Promise<void> {
    await onFile(this.path, async () => {
      await rm(this.unfinished, { recursive: true, force: true });
      // Windows cannot open a folder; it writes names through by itself.
      if (process.platform === 'win32') return;
      await using handle = await open(this.path, 'r');
      await handle.sync();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(join(this.unfinished, 'pid'), { force: true });
  }
}

/** Returns a file's bytes; undefined where there is none. */
async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return onFile(path, () => Promise.reject(error));
  }
}

/** A process that was killed leaves its number behind, and holds nothing. */
async function claim(path: string, folder: string): Promise<void> {
  const holder = Number(Buffer.from((await readIfThere(path)) ?? []).toString());
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new ArchiveError('busy', `process ${holder} pulls into ${folder} already`, {
      retryable: true,
    });
  }
  await writeFile(path, String(process.pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
