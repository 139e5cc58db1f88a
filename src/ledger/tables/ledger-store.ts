import { type Cid, cidToBytes } from '../../core/cid.ts';
import { entryHashToBytes } from '../../core/entries/entry-hash.ts';
import { leafHash } from '../../core/merkle/tree.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { Database } from '../../sqlite/database.ts';
import { damaged } from '../damaged.ts';
import { Erasures } from '../erasing/erasures.ts';
import { sha256 } from '../sha256.ts';
import { MissingRecords } from './missing-records.ts';
import { Pasts } from './pasts.ts';
import { StoredChains } from './stored-chains.ts';
import { StoredCheckpoints } from './stored-checkpoints.ts';
import { ENTRY, POSITION, type Position, type StoredEntry } from './stored-entry.ts';
import { StoredHeads } from './stored-heads.ts';
import { StoredRecords } from './stored-records.ts';
import { StoredRules } from './stored-rules.ts';

/** Reads the tables of `ledger.db`; what it returns is as stored, not verified. */
export class LedgerStore {
  readonly db: Database;
  readonly chains: StoredChains;
  readonly checkpoints: StoredCheckpoints;
  readonly erasures: Erasures;
  readonly heads: StoredHeads;
  readonly missing: MissingRecords;
  readonly pasts: Pasts;
  readonly records: StoredRecords;
  readonly rules: StoredRules;
  readonly #archive;
  readonly #waiting;
  readonly #size;
  readonly #positionByCid;
  readonly #positionAt;
  readonly #entryAt;
  readonly #entryByCid;
  readonly #page;
  readonly #parents;
  readonly #hasChild;
  readonly #inRun;
  readonly #block;
  readonly #setSize;
  readonly #carriers;
  readonly #leaves;
  readonly #node;

  constructor(db: Database) {
    this.db = db;
    this.chains = new StoredChains(db);
    this.checkpoints = new StoredCheckpoints(db);
    this.erasures = new Erasures(db);
    this.heads = new StoredHeads(db);
    this.missing = new MissingRecords(db, this.erasures);
    this.pasts = new Pasts(db);
    this.records = new StoredRecords(db, this.erasures);
    this.rules = new StoredRules(db);
    this.#archive = db.prepare<{ manifest: Uint8Array; epoch: Uint8Array }>(
      'SELECT manifest, epoch FROM archive',
    );
    this.#waiting = db.prepare<{ one: number }>('SELECT one FROM waiting');
    this.#size = db.prepare<{ n: number }>(
      'SELECT coalesce(max(arrival) + 1, 0) AS n FROM entries',
    );
    this.#positionByCid = db.prepare<Position>(`SELECT ${POSITION} FROM entries WHERE cid = ?`);
    this.#positionAt = db.prepare<Position>(`SELECT ${POSITION} FROM entries WHERE arrival = ?`);
    this.#entryAt = db.prepare<StoredEntry>(`SELECT ${ENTRY} FROM entries WHERE arrival = ?`);
    this.#entryByCid = db.prepare<StoredEntry>(`SELECT ${ENTRY} FROM entries WHERE cid = ?`);
    this.#page = db.prepare<StoredEntry>(
      `SELECT ${ENTRY} FROM entries WHERE arrival >= ? ORDER BY arrival LIMIT ?`,
    );
    this.#parents = db.prepare<Position>(
      `SELECT ${POSITION} FROM parents JOIN entries ON arrival = parent WHERE child = ?`,
    );
    this.#hasChild = db.prepare<{ n: number }>('SELECT 1 AS n FROM parents WHERE parent = ?');
    this.#inRun = db.prepare<{ arrival: number }>(
      'SELECT arrival FROM entries WHERE run = ? AND clock = ?',
    );
    this.#block = db.prepare<{ bytes: Uint8Array }>('SELECT bytes FROM blocks WHERE cid = ?');
    this.#setSize = db.prepare<{ members: number }>('SELECT members FROM sets WHERE cid = ?');
    this.#carriers = db.prepare<{ arrival: number }>(
      'SELECT arrival FROM envelopes WHERE once = ?',
    );
    this.#leaves = db.prepare<{ cid: Uint8Array }>(
      'SELECT cid FROM entries WHERE arrival >= ? ORDER BY arrival LIMIT ?',
    );
    this.#node = db.prepare<{ hash: Uint8Array }>(
      'SELECT hash FROM tree WHERE level = ? AND place = ?',
    );
  }

  /** Returns the row that says which archive this is; undefined before founding. */
  archive(): { readonly manifest: Uint8Array; readonly epoch: Uint8Array } | undefined {
    return this.#archive.get();
  }

  /** Says whether the home was restored and has not reached a peer since. */
  isWaiting(): boolean {
    return this.#waiting.get() !== undefined;
  }

  /** Returns how many entries there are; arrival numbers run from 0 without gaps. */
  size(): number {
    return this.#size.get()?.n ?? 0;
  }

  position(hash: EntryHash): Position | undefined {
    return this.#positionByCid.get(entryHashToBytes(hash));
  }

  positionAt(arrival: number): Position | undefined {
    return this.#positionAt.get(arrival);
  }

  entryAt(arrival: number): StoredEntry | undefined {
    return this.#entryAt.get(arrival);
  }

  entry(cid: Uint8Array): StoredEntry | undefined {
    return this.#entryByCid.get(cid);
  }

  has(cid: Uint8Array): boolean {
    return this.#positionByCid.get(cid) !== undefined;
  }

  entriesFrom(arrival: number, limit: number): StoredEntry[] {
    return this.#page.all(arrival, limit);
  }

  parentsOf(arrival: number): Position[] {
    return this.#parents.all(arrival);
  }

  hasChild(arrival: number): boolean {
    return this.#hasChild.get(arrival) !== undefined;
  }

  /** Returns the entry of this clock in a run. */
  inRun(run: number, clock: number): number | undefined {
    return this.#inRun.get(run, clock)?.arrival;
  }

  block(cid: Cid): Uint8Array | undefined {
    return this.#block.get(cidToBytes(cid))?.bytes;
  }

  /** Returns the members of a set that statements are about: 0 if it is broken. */
  setSize(cid: Cid): number | undefined {
    return this.#setSize.get(cidToBytes(cid))?.members;
  }

  /** Returns the entries that carry an envelope statement. */
  carriersOf(once: Cid): number[] {
    return this.#carriers.all(cidToBytes(once)).map((row) => row.arrival);
  }

  /** Returns the CIDs of up to `limit` entries from an arrival number on. */
  leaves(since: number, limit: number): Uint8Array[] {
    return this.#leaves.all(since, limit).map((row) => row.cid);
  }

  /** Returns the hash of a complete subtree of the arrival log's Merkle tree. */
  treeNode(level: number, place: number): Uint8Array {
    if (level === 0) {
      const [cid] = this.leaves(place, 1);
      if (cid === undefined) throw damaged(`there is no entry ${place}`);
      return leafHash(cid, sha256);
    }
    const hash = this.tryTreeNode(level, place);
    if (hash === undefined) throw damaged(`the tree lacks node ${level}/${place}`);
    return hash;
  }

  /** Returns the stored hash of a subtree above the leaves. */
  tryTreeNode(level: number, place: number): Uint8Array | undefined {
    return this.#node.get(level, place)?.hash;
  }
}
