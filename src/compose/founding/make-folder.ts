import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';

/** Makes the folder of a home, readable by its owner alone. @throws {ArchiveError} `file_unreadable`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeWithParents(path);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new ArchiveError(
      'file_unreadable',
      `${path} cannot be made a folder (${String(cause.code)}); name another home with --home`,
      { cause },
    );
  }
}

/** The `recursive` of Node 24 never ends in a folder that takes none, such as `/proc`. */
async function makeWithParents(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if (parent === path || (await isFolder(parent))) throw error;
    await makeWithParents(parent);
    await mkdir(path, { mode: 0o700 });
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
