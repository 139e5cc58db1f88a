import { type Cid, cidToBytes } from '../../core/cid.ts';
import { recordsErasedBy, recordsOf } from '../../core/entries/references.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import type { Database } from '../../sqlite/database.ts';
import { sealOf } from '../tables/seal.ts';

/**
 * What this home has done about an erasure of one record: not looked at yet, hidden, hidden and to be
 * looked at again, counts for nothing, bytes deleted, or no bytes were here.
 */
type ErasureState = 'pending' | 'hides' | 'doubted' | 'void' | 'deleted' | 'absent';

/** A record that a statement in an entry erases. */
export interface ErasureRow {
  readonly record: Uint8Array;
  readonly arrival: number;
  readonly place: number;
  readonly state: ErasureState;
  /** Since when it has hidden the record, in milliseconds; 0 if it never has. */
  readonly since: number;
}

/** How many records of one erasure are in a state. */
interface ErasureCount extends Pick<ErasureRow, 'arrival' | 'place' | 'state' | 'since'> {
  readonly records: number;
}

const HIDING = "('hides', 'doubted', 'deleted', 'absent')";
const COLUMNS = 'record, arrival, place, state, since';

/** The table of erasures. Writing belongs into a transaction of the caller. */
export class Erasures {
  readonly #any;
  readonly #hiding;
  readonly #deleted;
  readonly #undecided;
  readonly #due;
  readonly #ofRecord;
  readonly #open;
  readonly #ofStatement;
  readonly #counts;
  readonly #sealed;
  readonly #put;

  constructor(db: Database) {
    this.#any = db.prepare<{ n: number }>('SELECT 1 AS n FROM erasures LIMIT 1');
    this.#hiding = db.prepare<{ n: number }>(
      `SELECT 1 AS n FROM erasures WHERE record = ? AND state IN ${HIDING} LIMIT 1`,
    );
    this.#deleted = db.prepare<{ n: number }>(
      "SELECT 1 AS n FROM erasures WHERE record = ? AND state = 'deleted' LIMIT 1",
    );
    this.#undecided = db.prepare<ErasureRow>(
      `SELECT ${COLUMNS} FROM erasures WHERE state IN ('pending', 'doubted')`,
    );
    this.#due = db.prepare<ErasureRow>(
      `SELECT ${COLUMNS} FROM erasures WHERE state = 'hides' AND since <= ? LIMIT ?`,
    );
    this.#ofRecord = db.prepare<ErasureRow>(
      `SELECT ${COLUMNS} FROM erasures WHERE record = ? AND state = 'hides'`,
    );
    this.#open = db.prepare<ErasureRow>(
      `SELECT ${COLUMNS} FROM erasures WHERE state IN ('hides', 'void')`,
    );
    this.#ofStatement = db.prepare<ErasureRow>(
      `SELECT ${COLUMNS} FROM erasures WHERE record = ? AND arrival = ? AND place = ?`,
    );
    this.#counts = db.prepare<ErasureCount>(
      `SELECT arrival, place, state, max(since) AS since, count(*) AS records FROM erasures
       GROUP BY arrival, place, state`,
    );
    this.#sealed = db.prepare<ErasureRow & { seal: Uint8Array }>(
      `SELECT ${COLUMNS}, seal FROM erasures ORDER BY record, arrival, place`,
    );
    this.#put = db.prepare('INSERT OR REPLACE INTO erasures VALUES (?, ?, ?, ?, ?, ?)');
  }

  /** Says whether a record is hidden or gone. */
  hides(record: Uint8Array): boolean {
    return this.#hiding.get(record) !== undefined;
  }

  /** Returns {@link hides} as of now; mostly nothing at all is hidden, and this asks for that only once. */
  hidesNow(): (record: Cid) => boolean {
    if (this.#any.get() === undefined) return () => false;
    return (record) => this.hides(cidToBytes(record));
  }

  /** Says whether the bytes of a record were deleted here. */
  hasDeleted(record: Uint8Array): boolean {
    return this.#deleted.get(record) !== undefined;
  }

  /** Notes what an accepted entry erases, and that records which it names may be somebody else's too. */
  note(arrival: number, statements: readonly StatementOutline[]): void {
    for (const [place, outline] of statements.entries()) {
      for (const cid of recordsErasedBy(outline)) {
        this.set({ record: cidToBytes(cid), arrival, place, state: 'pending', since: 0 });
      }
    }
    if (this.#any.get() === undefined) return;
    for (const record of statements.flatMap(recordsOf)) {
      for (const row of this.#ofRecord.all(cidToBytes(record))) this.#reopen(row);
    }
  }

  /** To be called when governance has changed: whoever erased may have had no right to. */
  doubtAll(): void {
    for (const row of this.#open.all()) this.#reopen(row);
  }

  /** Returns what has to be looked at, for the first time or again. */
  undecided(): readonly ErasureRow[] {
    return this.#undecided.all();
  }

  /** Returns records that have been hidden since then or longer, and whose bytes may still be here. */
  due(since: number, limit: number): readonly ErasureRow[] {
    return this.#due.all(since, limit);
  }

  has({ record, arrival, place }: Pick<ErasureRow, 'record' | 'arrival' | 'place'>): boolean {
    return this.#ofStatement.get(record, arrival, place) !== undefined;
  }

  /** Returns how far each erasure has got, in order of arrival. */
  counts(): readonly ErasureCount[] {
    return this.#counts.all();
  }

  set({ record, arrival, place, state, since }: ErasureRow): void {
    const seal = sealOf(record, arrival, place, state, since);
    this.#put.run(record, arrival, place, state, since, seal);
  }

  /** Yields the rows that are not as they were written. */
  *broken(): Generator<ErasureRow> {
    for (const row of this.#sealed.iterate()) {
      const { record, arrival, place, state, since, seal } = row;
      const isWhole = Buffer.from(seal).equals(sealOf(record, arrival, place, state, since));
      if (!isWhole) yield row;
    }
  }

  #reopen(row: ErasureRow): void {
    this.set({ ...row, state: row.state === 'void' ? 'pending' : 'doubted' });
  }
}
