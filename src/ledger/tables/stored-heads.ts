import type { Did } from '../../core/entries/did-key.ts';
import type { Database } from '../../sqlite/database.ts';
import { ENTRY, type StoredEntry } from './stored-entry.ts';

/** Reads the entries that no other goes over. */
export class StoredHeads {
  readonly #ownFirst;
  readonly #after;
  readonly #count;
  readonly #is;

  constructor(db: Database) {
    this.#ownFirst = db.prepare<StoredEntry>(
      `SELECT ${ENTRY} FROM heads JOIN entries USING (arrival)
       ORDER BY author = :author DESC, iif(author = :author, -clock, arrival) LIMIT :limit`,
    );
    this.#after = db.prepare<StoredEntry>(
      `SELECT ${ENTRY} FROM heads JOIN entries USING (arrival)
       WHERE arrival > ? ORDER BY arrival LIMIT ?`,
    );
    this.#count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM heads');
    this.#is = db.prepare<{ arrival: number }>('SELECT arrival FROM heads WHERE arrival = ?');
  }

  /** Returns the author's own, newest first, then the others in order of arrival. */
  ownFirst(author: Did, limit: number): StoredEntry[] {
    return this.#ownFirst.all({ author, limit });
  }

  /** Returns those that arrived after this number, in order of arrival. */
  after(arrival: number, limit: number): StoredEntry[] {
    return this.#after.all(arrival, limit);
  }

  count(): number {
    return this.#count.get()?.n ?? 0;
  }

  has(arrival: number): boolean {
    return this.#is.get(arrival) !== undefined;
  }
}
