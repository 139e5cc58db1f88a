import type { Database } from '../../sqlite/database.ts';
import type { Erasures } from '../erasing/erasures.ts';

/** Records of one entry that are not here. */
interface MissingRow {
  readonly arrival: number;
  readonly leaf: Uint8Array;
  readonly records: Uint8Array[];
}

/** Reads which records are named and not here, and which came after their entries. */
export class MissingRecords {
  readonly #erasures: Erasures;
  readonly #from;
  readonly #at;
  readonly #any;
  readonly #is;
  readonly #late;
  readonly #lateCount;

  constructor(db: Database, erasures: Erasures) {
    this.#erasures = erasures;
    this.#from = db.prepare<{ arrival: number; leaf: Uint8Array; cid: Uint8Array }>(
      `SELECT arrival, entries.cid AS leaf, missing_records.cid FROM missing_records
       JOIN entries USING (arrival) WHERE arrival >= ? ORDER BY arrival`,
    );
    this.#at = db.prepare<{ cid: Uint8Array }>('SELECT cid FROM missing_records WHERE arrival = ?');
    this.#any = db.prepare<{ n: number }>('SELECT 1 AS n FROM missing_records LIMIT 1');
    this.#is = db.prepare<{ arrival: number }>(
      'SELECT arrival FROM missing_records WHERE cid = ? LIMIT 1',
    );
    this.#late = db.prepare<{ cid: Uint8Array }>(
      'SELECT cid FROM late_records WHERE id > ? ORDER BY id LIMIT ?',
    );
    this.#lateCount = db.prepare<{ n: number }>(
      'SELECT coalesce(max(id), 0) AS n FROM late_records',
    );
  }

  /**
   * Returns entries with the records they name that are not here, until they are `limit` or more; without
   * what is erased.
   */
  from(since: number, limit: number): MissingRow[] {
    const rows: MissingRow[] = [];
    let count = 0;
    for (const { arrival, leaf, cid } of this.#from.iterate(since)) {
      if (this.#erasures.hides(cid)) continue;
      const last = rows.at(-1);
      if (last?.arrival === arrival) last.records.push(cid);
      else if (count >= limit) break;
      else rows.push({ arrival, leaf, records: [cid] });
      count += 1;
    }
    return rows;
  }

  /** Returns those noted with one entry. */
  at(arrival: number): readonly Uint8Array[] {
    return this.#at.all(arrival).map((row) => row.cid);
  }

  /** Says whether accepted entries name any. */
  any(): boolean {
    return this.#any.get() !== undefined;
  }

  /** Says whether an accepted entry names a record that is not here, erased or not. */
  has(cid: Uint8Array): boolean {
    return this.#is.get(cid) !== undefined;
  }

  /** Returns records that came late, leaving out the first `since`. */
  late(since: number, limit: number): Uint8Array[] {
    return this.#late.all(since, limit).map((row) => row.cid);
  }

  lateCount(): number {
    return this.#lateCount.get()?.n ?? 0;
  }
}
