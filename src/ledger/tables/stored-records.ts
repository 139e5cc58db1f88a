import { type Cid, cidToBytes } from '../../core/cid.ts';
import { equalBytes } from '../../core/hash.ts';
import type { Block } from '../../core/statements/block.ts';
import type { Database } from '../../sqlite/database.ts';
import { damaged } from '../damaged.ts';
import type { Erasures } from '../erasing/erasures.ts';
import { RecordPlaces } from './record-places.ts';

interface RecordRow {
  readonly id: number;
  readonly cid: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Records that lie side by side and are read together. */
const RECORDS_AT_ONCE = 64;

/** Reads records. They are mostly asked for in the order in which they lie, and found at once then. */
export class StoredRecords {
  /** Where each lies. */
  readonly places: RecordPlaces;
  readonly #erasures: Erasures;
  readonly #at;
  readonly #from;
  /** Id of the record that was read last. */
  #last = 0;

  constructor(db: Database, erasures: Erasures) {
    this.#erasures = erasures;
    this.places = new RecordPlaces(db);
    this.#at = db.prepare<{ cid: Uint8Array; bytes: Uint8Array }>(
      'SELECT cid, bytes FROM records WHERE id = ?',
    );
    this.#from = db.prepare<RecordRow>(
      'SELECT id, cid, bytes FROM records WHERE id >= ? ORDER BY id LIMIT ?',
    );
  }

  /** Returns a record that is here and that no erasure hides. */
  get(cid: Cid): Uint8Array | undefined {
    const named = cidToBytes(cid);
    if (this.#erasures.hides(named)) return undefined;
    const next = this.#at.get(this.#last + 1);
    if (next !== undefined && equalBytes(next.cid, named)) {
      this.#last += 1;
      return next.bytes;
    }
    const id = this.places.find(named);
    if (id === undefined) return undefined;
    this.#last = id;
    return this.#at.get(id)?.bytes;
  }

  /** Yields those that {@link get} returns as of the first; those side by side are read together. */
  *each(cids: readonly Cid[]): Generator<Block, void> {
    const hides = this.#erasures.hidesNow();
    let rows: RecordRow[] = [];
    let at = 0;
    for (const [place, cid] of cids.entries()) {
      if (hides(cid)) continue;
      const named = cidToBytes(cid);
      const limit = Math.min(RECORDS_AT_ONCE, cids.length - place);
      if (at === rows.length) {
        rows = this.#from.all(this.#last + 1, limit);
        at = 0;
      }
      const next = rows[at];
      if (next === undefined || !equalBytes(next.cid, named)) {
        const id = this.places.find(named);
        if (id === undefined) continue;
        at = rows.findIndex((row) => row.id === id);
        if (at < 0) {
          rows = this.#from.all(id, limit);
          at = 0;
        }
      }
      const row = rows[at++];
      if (row === undefined) throw damaged(`record ${cid} is noted and not there`);
      this.#last = row.id;
      yield { cid, bytes: row.bytes };
    }
  }

  /** Says whether {@link get} returns it. */
  has(cid: Cid): boolean {
    return this.holds(cid) && !this.#erasures.hides(cidToBytes(cid));
  }

  /** Says whether a record lies here, be it hidden or wiped out. */
  holds(cid: Cid): boolean {
    return this.places.find(cidToBytes(cid)) !== undefined;
  }
}
