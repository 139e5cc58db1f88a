import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { Original } from '../../core/ports/rendering.ts';

/** More than this is not copied for a foreign program. */
const MOST_BYTES = 2 * 1024 * 1024 * 1024;

/** A folder of this user alone with a name of its own; gone with all that is in it when disposed. */
export class PrivateFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<PrivateFolder> {
    const path = join(tmpdir(), 'ringfence-rendering-');
    return new PrivateFolder(await onFile(path, () => mkdtemp(path)));
  }

  /**
   * Returns an asset's bytes as an open file. It has no name any more, so that it is gone when closed.
   *
   * @throws {ArchiveError} `work_limit` for too many bytes, `disk_full`, and what reading throws.
   */
  async copy({ size, read }: Original): Promise<FileHandle> {
    if (size > MOST_BYTES) {
      throw new ArchiveError('work_limit', `it has more than ${MOST_BYTES} bytes`);
    }
    const path = join(this.path, 'input');
    return await onFile(path, async () => {
      {
        await using written = await open(path, 'wx', 0o600);
        for await (const chunk of read()) await written.writeFile(chunk);
      }
      const file = await open(path, 'r');
      await rm(path);
      return file;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
