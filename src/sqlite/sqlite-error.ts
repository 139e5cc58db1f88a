import { basename } from 'node:path';
import { ArchiveError } from '../core/errors.ts';

/** Primary result codes, https://www.sqlite.org/rescode.html; the low byte of every extended code. */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** What the system says where there is no room for a write. */
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT']);

/** Extended code: the shared-memory file could not grow, which is how a full disk shows there. */
const IOERR_SHMSIZE = IOERR | (19 << 8);

/**
 * Returns the failure as an {@link ArchiveError} if it is about the file or the disk, and the
 * error itself if it is about the SQL (a constraint, a type): that one belongs to the caller.
 */
export function toArchiveError(path: string, error: unknown): unknown {
  if (isNoSpace(error)) return diskFull(path, `(${error.message})`, error);
  if (!isSqliteError(error)) return error;
  const because = `(SQLite ${error.errcode}: ${error.message})`;
  switch (error.errcode & 0xff) {
    case FULL:
      return diskFull(path, because, error);
    case BUSY:
    case LOCKED:
      return new ArchiveError(
        'home_locked',
        `${path} is being written by another process; end that process, or try again ${because}`,
        { cause: error, retryable: true },
      );
    case CORRUPT:
    case NOTADB:
      return new ArchiveError(
        'home_corrupt',
        `${path} is damaged; ${isMadeAgain(path) ? 'move it away, and it is made again' : 'restore the home from a backup: "ringfence restore --from BACKUP --home NEW"'} ${because}`,
        { cause: error },
      );
    case READONLY:
    case CANTOPEN:
      return new ArchiveError(
        'home_corrupt',
        `${path} cannot be opened; check that it exists and that you may write there ${because}`,
        { cause: error },
      );
    case IOERR:
      if (error.errcode === IOERR_SHMSIZE) return diskFull(path, because, error);
      return new ArchiveError(
        'home_corrupt',
        `${path} cannot be read or written; check the disk it lies on ${because}`,
        { cause: error },
      );
    default:
      return error;
  }
}

/** Whether the failure means that the file's content is damaged: a copy, or making it again, helps. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof ArchiveError) || !isSqliteError(error.cause)) return false;
  const code = error.cause.errcode & 0xff;
  return code === CORRUPT || code === NOTADB;
}

/** Returns the failure of a write to that file for which there is no room; `because` stands in brackets. */
export function diskFull(path: string, because: string, cause?: Error): ArchiveError {
  return new ArchiveError(
    'disk_full',
    `the disk is full: ${path} could not be written; make room and try again ${because}`,
    { cause, retryable: true },
  );
}

function isNoSpace(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && NO_SPACE.has(String(error.code));
}

function isSqliteError(error: unknown): error is Error & { readonly errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** The index of the packs and the catalog hold nothing that is not elsewhere. */
function isMadeAgain(path: string): boolean {
  return ['content.db', 'catalog.db'].includes(basename(path));
}
