import { ArchiveError } from '../core/errors.ts';
import type { Database } from '../sqlite/database.ts';

/** The tables of the catalog contradict each other. */
export class CatalogDamagedError extends ArchiveError {
  constructor(what: string) {
    super(
      'home_corrupt',
      `the catalog is damaged: ${what} is missing; run "reindex" to build it again from the ledger`,
    );
  }
}

/**
 * Returns the row, which other rows of the catalog refer to.
 *
 * @throws {CatalogDamagedError} if it is not there.
 */
export function required<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new CatalogDamagedError(what);
  return row;
}

/** Says whether a failure comes from a damaged catalog, and not from a damaged ledger behind it. */
export function isDamage(error: unknown, db: Database): boolean {
  if (error instanceof CatalogDamagedError) return true;
  return error instanceof ArchiveError && error.code === 'home_corrupt' && !isSound(db);
}

/** Says whether all pages of the file hold together. */
export function isSound(db: Database): boolean {
  try {
    const found = db.prepare<{ quick_check: string }>('PRAGMA quick_check(1)').get();
    return found?.quick_check === 'ok';
  } catch {
    // The check itself met a page that cannot be read.
    return false;
  }
}
