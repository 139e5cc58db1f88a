import { ArchiveError } from './errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Runs work on one file or folder; what the system refuses is thrown as an error naming the path. */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw toFileError(path, cause);
  }
}

function toFileError(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || !('errno' in cause)) return cause;
  const code = String(cause.code);
  return FULL.has(code)
    ? new ArchiveError('disk_full', `the disk of ${path} is full; make room and run it again`, {
        cause,
        retryable: true,
      })
    : new ArchiveError(
        'file_unreadable',
        `${path} cannot be used (${code}); check that it is a folder or file this user may write`,
        { cause },
      );
}
