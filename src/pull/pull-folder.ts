import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';
import { makeFolder } from '../core/make-folder.ts';
import { type Pulled, readPulled } from './pulled.ts';
import { readIfThere } from './read-if-there.ts';

/** What is not whole yet, in the folder that is pulled into. */
const UNFINISHED = '.ringfence-pull';

/** A folder that a release is pulled into, by this process alone until it is disposed. */
export class PullFolder implements AsyncDisposable {
  readonly path: string;
  readonly unfinished: string;
  /** What a pull that was finished says of it. */
  readonly finished: Pulled | undefined;

  private constructor(path: string, finished: Pulled | undefined) {
    this.path = path;
    this.unfinished = join(path, UNFINISHED);
    this.finished = finished;
  }

  /** @throws {ArchiveError} `busy` if another process pulls into it; `file_unreadable`, `disk_full`. */
  static async open(path: string): Promise<PullFolder> {
    return onFile(path, async () => {
      await makeFolder(join(path, UNFINISHED), { mkdir, stat, dirname });
      if (!(await lstat(join(path, UNFINISHED))).isDirectory()) throw noFolder(path);
      await claim(join(path, UNFINISHED, 'pid'), path);
      return new PullFolder(path, await readPulled(path));
    });
  }

  /** Writes a small file, whole or not at all, and durably. */
  async write(name: string, bytes: Uint8Array | string): Promise<void> {
    const path = join(this.path, name);
    const fresh = join(this.unfinished, `${name.replaceAll('/', '-')}.new`);
    await onFile(path, async () => {
      await writeFile(fresh, bytes, { flush: true });
      await makeFolder(dirname(path), { mkdir, stat, dirname });
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

/** A process that was killed leaves its number behind, and holds nothing. */
async function claim(path: string, folder: string): Promise<void> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, String(process.pid), { flush: true });
  try {
    while (!(await isFirst(own, path))) {
      const holder = Number(Buffer.from((await readIfThere(path)) ?? []).toString());
      if (holder === process.pid) return;
      if (holder > 0 && isRunning(holder)) {
        throw new ArchiveError('busy', `process ${holder} pulls into ${folder} already`, {
          retryable: true,
        });
      }
      await rm(path, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Gives a file a second name where nobody has that one: of any number who try, one does. */
async function isFirst(own: string, path: string): Promise<boolean> {
  try {
    // Some file systems have no links.
    await link(own, path).catch(() => copyFile(own, path, constants.COPYFILE_EXCL));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function noFolder(path: string): ArchiveError {
  const text = `${join(path, UNFINISHED)} is no folder; delete it, or pull into another folder`;
  return new ArchiveError('export_conflict', text);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
