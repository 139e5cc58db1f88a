import type { Database } from '../../sqlite/database.ts';

/** Reads which entries are this home's own checkpoints, and whether another is called for. */
export class StoredCheckpoints {
  readonly #newest;
  readonly #mattersSince;
  readonly #is;

  constructor(db: Database) {
    this.#newest = db.prepare<{ arrival: number | null }>(
      'SELECT max(arrival) AS arrival FROM checkpoints WHERE arrival < ?',
    );
    this.#mattersSince = db.prepare<{ arrival: number }>(
      'SELECT arrival FROM entries WHERE arrival > ? AND arrival < ? AND matters = 1 LIMIT 1',
    );
    this.#is = db.prepare<{ n: number }>('SELECT 1 AS n FROM checkpoints WHERE arrival = ?');
  }

  /** Returns this home's newest one, or the newest that arrived before a number. */
  newest(before = Number.MAX_SAFE_INTEGER): number | undefined {
    return this.#newest.get(before)?.arrival ?? undefined;
  }

  /** Says whether something that calls for one arrived after this entry, and before that one. */
  mattersSince(arrival: number, before = Number.MAX_SAFE_INTEGER): boolean {
    return this.#mattersSince.get(arrival, before) !== undefined;
  }

  has(arrival: number): boolean {
    return this.#is.get(arrival) !== undefined;
  }
}
