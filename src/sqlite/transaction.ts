import type { Database } from './database.ts';

/**
 * Returns what `work` returns, after committing what it wrote; if it throws, nothing of it stays.
 *
 * Durable when it returns. Inside an open transaction it throws SQLite's error: there is no nesting.
 */
export function transaction<T>(db: Database, work: () => T): T {
  db.begin();
  try {
    const result = work();
    db.commit();
    return result;
  } catch (error) {
    db.rollback();
    throw error;
  }
}

/**
 * Does the same around work that awaits. Whatever else runs on this connection meanwhile becomes
 * part of the transaction, so the caller must keep everything else off it, by a mutex of its own.
 */
export async function asyncTransaction<T>(db: Database, work: () => Promise<T>): Promise<T> {
  db.begin();
  try {
    const result = await work();
    db.commit();
    return result;
  } catch (error) {
    db.rollback();
    throw error;
  }
}
