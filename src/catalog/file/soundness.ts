import { ArchiveError } from '../../core/errors.ts';
import type { Database } from '../../sqlite/database.ts';
import { hasOwnSum, type StoredWords, sumOf } from './check-sums.ts';
import { CatalogDamagedError } from './damage.ts';

/** Says whether a failure comes from a damaged catalog, and not from a damaged ledger behind it. */
export function isDamage(error: unknown, db: Database): boolean {
  if (error instanceof CatalogDamagedError) return true;
  return error instanceof ArchiveError && error.code === 'home_corrupt' && !isSound(db);
}

/**
 * Says whether everything in the file holds together: pages, indexes, and the check sums of
 * statements and records. Takes about 5 ms for each MB.
 */
export function isSound(db: Database): boolean {
  try {
    const found = db.prepare<{ integrity_check: string }>('PRAGMA integrity_check(1)').get();
    return found?.integrity_check === 'ok' && hasSoundStatements(db) && hasSoundRecords(db);
  } catch {
    // The check itself met something that cannot be read.
    return false;
  }
}

function hasSoundStatements(db: Database): boolean {
  const statements = db.prepare<StoredWords & { sum: number }>(
    'SELECT kind, at, carried, body, sum FROM statements',
  );
  for (const row of statements.iterate()) if (sumOf(row) !== row.sum) return false;
  return true;
}

function hasSoundRecords(db: Database): boolean {
  const records = db.prepare<{ record: string }>(
    'SELECT record FROM deposits WHERE record IS NOT NULL',
  );
  for (const { record } of records.iterate()) if (!hasOwnSum(record)) return false;
  return true;
}
