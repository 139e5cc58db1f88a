import type { Did } from '../../core/entries/did-key.ts';
import type { Database } from '../../sqlite/database.ts';

/** A governance entry as stored. */
export interface RuleRow {
  readonly number: number;
  readonly arrival: number;
  readonly cid: Uint8Array;
  readonly author: Did;
  readonly clock: number;
  readonly past: number;
  readonly member: Did | null;
  readonly problem: string | null;
  readonly bytes: Uint8Array;
}

/** Reads the governance entries, which are numbered in order of arrival. */
export class StoredRules {
  readonly #count;
  readonly #before;
  readonly #from;
  readonly #at;

  constructor(db: Database) {
    this.#count = db.prepare<{ n: number }>('SELECT coalesce(max(number) + 1, 0) AS n FROM rules');
    this.#before = db.prepare<{ n: number }>('SELECT count(*) AS n FROM rules WHERE arrival < ?');
    this.#from = db.prepare<RuleRow>(
      `SELECT number, arrival, cid, author, clock, past, member, problem, bytes
       FROM rules JOIN entries USING (arrival) WHERE number >= ? ORDER BY number`,
    );
    this.#at = db.prepare<Pick<RuleRow, 'arrival' | 'member' | 'problem'>>(
      'SELECT arrival, member, problem FROM rules WHERE number = ?',
    );
  }

  count(): number {
    return this.#count.get()?.n ?? 0;
  }

  /** Returns how many arrived before an arrival number. */
  before(arrival: number): number {
    return this.#before.get(arrival)?.n ?? 0;
  }

  from(number: number): RuleRow[] {
    return this.#from.all(number);
  }

  at(number: number): Pick<RuleRow, 'arrival' | 'member' | 'problem'> | undefined {
    return this.#at.get(number);
  }
}
