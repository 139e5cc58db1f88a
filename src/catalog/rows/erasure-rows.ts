import type { Cid } from '../../core/cid.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { parseStored } from '../file/damage.ts';
import type { Subject } from './statement-writer.ts';

interface CarriedRow {
  readonly id: number;
  readonly asset: number | null;
  readonly subject_set: number | null;
  readonly carried: string;
}

/** A statement that somebody carried, and what it is about. */
interface Carried extends Subject {
  readonly id: number;
  readonly envelope: Cid;
}

/** Which records the erasures that stand name, whatever these are about. */
export class ErasureRows {
  readonly #add: Query<never>;
  readonly #carried: Query<CarriedRow>;

  constructor(db: Database) {
    this.#add = db.prepare('INSERT INTO erasures (record, statement) VALUES (?, ?)');
    this.#carried = db.prepare(
      `SELECT id, asset, subject_set, carried FROM statements
       WHERE carried IS NOT NULL AND id > ? ORDER BY id LIMIT 256`,
    );
  }

  add(statement: number, records: readonly Cid[]): void {
    for (const record of records) this.#add.run(record, statement);
  }

  /** Yields the statements whose envelopes are among these records, and undefined now and then. */
  *carriedIn(records: ReadonlySet<Cid>): Generator<Carried | undefined> {
    for (let last = 0; ; ) {
      const page = this.#carried.all(last);
      for (const { id, asset, subject_set: set, carried } of page) {
        last = id;
        const { envelope } = parseStored(carried, 'an envelope') as { readonly envelope: Cid };
        if (records.has(envelope)) yield { id, envelope, asset, set };
      }
      if (page.length === 0) return;
      yield undefined;
    }
  }
}
