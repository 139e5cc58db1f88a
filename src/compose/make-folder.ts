import { mkdir } from 'node:fs/promises';
import { ArchiveError } from '../core/errors.ts';

/** Makes the folder of a home, readable by its owner alone. @throws {ArchiveError} `file_unreadable`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new ArchiveError(
      'file_unreadable',
      `${path} cannot be made a folder (${String(cause.code)}); name another home with --home`,
      { cause },
    );
  }
}
