import { ArchiveError } from '../core/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Returns the failure of reading or writing a file of the store as one the caller can act on. */
export function toStorageError(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === undefined) return cause;
  if (FULL.has(code)) {
    return new ArchiveError(
      'disk_full',
      `the disk is full: ${path} could not be written; make room, or add a pack directory, and try again`,
      { cause, retryable: true },
    );
  }
  const missing = code === 'ENOENT';
  return new ArchiveError(
    'home_corrupt',
    missing
      ? `${path} is missing; mount or restore it`
      : `${path} cannot be read or written (${code}); check the disk and the permissions`,
    { cause },
  );
}

/** Returns the failure of reading a file from outside as one the caller can act on. */
export function toSourceError(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (code === undefined) return cause;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'is not there',
    EACCES: 'may not be read by this user',
    EPERM: 'may not be read by this user',
    ELOOP: 'is a symbolic link, which is not followed',
    EISDIR: 'is a folder',
  };
  return new ArchiveError(
    'file_unreadable',
    `${path} ${reasons[code] ?? `cannot be read (${code})`}`,
    { cause },
  );
}

/** Returns the name of a system call's error (`ENOENT`), or undefined for any other failure. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof ArchiveError || !('code' in error)) {
    return undefined;
  }
  // Errors of Node itself have codes that begin with ERR_.
  const { code } = error;
  return typeof code === 'string' && !code.startsWith('ERR_') ? code : undefined;
}
