import type { Did } from '../../core/entries/did-key.ts';
import type { Database } from '../../sqlite/database.ts';
import { type Named, POSITION } from './stored-entry.ts';

/** Two entries of one author of which neither is in the other's past. */
interface Fork {
  readonly author: Did;
  readonly one: Uint8Array;
  readonly other: Uint8Array;
}

/** Reads what each key wrote or signed, and where its entries are no chain. */
export class StoredChains {
  readonly #tip;
  readonly #forks;
  readonly #forkOf;
  readonly #hasForks;
  readonly #isSigner;
  readonly #by;
  readonly #signedBy;

  constructor(db: Database) {
    this.#tip = db.prepare<{ arrival: number }>('SELECT arrival FROM tips WHERE author = ?');
    this.#forks = db.prepare<Fork>(
      `SELECT one.author, one.cid AS one, other.cid AS other FROM forks
       JOIN entries AS one USING (arrival) JOIN entries AS other ON other.arrival = forks.tip
       ORDER BY forks.arrival`,
    );
    this.#forkOf = db.prepare<{ tip: number }>('SELECT tip FROM forks WHERE arrival = ?');
    this.#hasForks = db.prepare<{ n: number }>(
      'SELECT 1 AS n FROM forks JOIN entries USING (arrival) WHERE author = ? LIMIT 1',
    );
    this.#isSigner = db.prepare<{ n: number }>(
      'SELECT 1 AS n FROM signers WHERE signer = ? AND arrival = ?',
    );
    this.#by = db.prepare<Named>(
      `SELECT ${POSITION}, cid FROM entries WHERE author = ? ORDER BY clock DESC`,
    );
    this.#signedBy = db.prepare<Named>(
      `SELECT ${POSITION}, cid FROM signers JOIN entries USING (arrival)
       WHERE signer = ? ORDER BY arrival DESC`,
    );
  }

  /** Returns the newest entry of the author's chain. */
  tipOf(author: Did): number | undefined {
    return this.#tip.get(author)?.arrival;
  }

  forks(): Fork[] {
    return this.#forks.all();
  }

  /** Returns the entry that this one should have gone on from and did not. */
  forkOf(arrival: number): number | undefined {
    return this.#forkOf.get(arrival)?.tip;
  }

  /** Says whether the entries of a key are no chain. */
  hasForks(key: Did): boolean {
    return this.#hasForks.get(key) !== undefined;
  }

  /** Says whether an entry carries an envelope of this key. */
  isSigner(signer: Did, arrival: number): boolean {
    return this.#isSigner.get(signer, arrival) !== undefined;
  }

  /** Yields what a key wrote, the newest first. */
  entriesBy(key: Did): Iterable<Named> {
    return this.#by.iterate(key);
  }

  /** Yields entries that carry an envelope of a key, the last to arrive first. */
  entriesSignedBy(key: Did): Iterable<Named> {
    return this.#signedBy.iterate(key);
  }
}
