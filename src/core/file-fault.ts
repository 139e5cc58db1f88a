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
  if (FULL.has(code)) {
    const text = `the disk of ${path} is full; make room and run it again`;
    return new ArchiveError('disk_full', text, { cause, retryable: true });
  }
  const text =
    code === 'ENOENT'
      ? `${path} is not there, or the folder that it is to lie in is not; check the name`
      : `${path} cannot be used (${code}); check that it is a folder or file that this user may use so`;
  return new ArchiveError('file_unreadable', text, { cause });
}
