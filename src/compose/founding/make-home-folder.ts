import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';

/** Makes the folder of a home, readable by its owner alone. @throws {ArchiveError} `file_unreadable`. */
export async function makeHomeFolder(path: string): Promise<void> {
  try {
    await makeFolder(path, { mkdir, stat, dirname }, 0o700);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new ArchiveError(
      'file_unreadable',
      `${path} cannot be made a folder (${String(cause.code)}); name another home with --home`,
      { cause },
    );
  }
}
