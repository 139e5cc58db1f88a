import { rm } from 'node:fs/promises';
import type { Database } from '../../sqlite/database.ts';
import { openDatabase } from '../../sqlite/open-database.ts';
import { transaction } from '../../sqlite/transaction.ts';
import { MIGRATIONS } from './schema.ts';

/**
 * Copies a ledger that may be in use into a file of its own, without what only the home it is in may
 * have: the epoch of its tree, and which checkpoints are of that tree (ledger.md §6). Nobody can go on
 * with the tree from a copy, and so contradict it.
 *
 * Durable when the promise resolves. A file that is there already is replaced.
 *
 * @throws {ArchiveError} `disk_full`, `home_corrupt`.
 */
export async function copyLedger(from: Database, path: string): Promise<void> {
  await removeDatabase(path);
  await from.copyTo(path);
  using copy = openDatabase(path, { migrations: MIGRATIONS });
  transaction(copy, () => {
    copy.prepare('UPDATE archive SET epoch = zeroblob(length(epoch))').run();
    copy.exec('DELETE FROM checkpoints; INSERT OR IGNORE INTO waiting VALUES (1);');
  });
  // Folds the log back, so that the copy is one file.
  copy.exec('PRAGMA journal_mode=DELETE');
}

/**
 * Makes a copied ledger this home's: it begins a new tree, and appends nothing before it has reached a
 * peer, unless it is alone. Durable when it returns.
 */
export function adoptLedger(
  path: string,
  options: { readonly epoch: Uint8Array; readonly isAlone: boolean },
): void {
  using db = openDatabase(path, { migrations: MIGRATIONS });
  transaction(db, () => {
    db.prepare('UPDATE archive SET epoch = ?').run(options.epoch);
    if (options.isAlone) db.exec('DELETE FROM waiting');
  });
}

/**
 * Has a home that changes its key begin a new tree: checkpoints over the one of the old key are entries
 * like others. Durable when it returns.
 */
export function beginTree(path: string, epoch: Uint8Array): void {
  using db = openDatabase(path, { migrations: MIGRATIONS, pageSums: true });
  transaction(db, () => {
    db.prepare('UPDATE archive SET epoch = ?').run(epoch);
    db.exec('DELETE FROM checkpoints');
  });
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-journal', '-wal', '-shm'])
    await rm(`${path}${suffix}`, { force: true });
}
