import { type Cid, cidToBytes } from '../core/cid.ts';
import type { Did } from '../core/entries/did-key.ts';
import { entryHashToBytes } from '../core/entries/entry-hash.ts';
import { equalBytes } from '../core/hash.ts';
import { leafHash } from '../core/merkle/tree.ts';
import type { Block } from '../core/statements/block.ts';
import type { EntryHash } from '../core/statements/fields.ts';
import type { Database } from '../sqlite/database.ts';
import { damaged } from './damaged.ts';
import { Erasures } from './erasures.ts';
import { Pasts } from './pasts.ts';
import { RecordPlaces } from './record-places.ts';
import { sha256 } from './sha256.ts';

/** Where an entry lies in this home's log. */
export interface Position {
  readonly arrival: number;
  readonly clock: number;
  /** Arrival number of the first entry of the unbranched stretch that this one is in. */
  readonly run: number;
  /** How many statements the entry holds. */
  readonly statements: number;
  /** Which governance entries lie in its past, as a row of `pasts`. */
  readonly past: number;
  /** Its number if it is a governance entry. */
  readonly rule: number | null;
}

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

/** A position with the entry's CID. */
export interface Named extends Position {
  readonly cid: Uint8Array;
}

export interface StoredEntry extends Position {
  readonly cid: Uint8Array;
  readonly author: Did;
  readonly matters: number;
  readonly bytes: Uint8Array;
}

/** Records of one entry that are not here. */
interface MissingRow {
  readonly arrival: number;
  readonly leaf: Uint8Array;
  readonly records: Uint8Array[];
}

/** Two entries of one author of which neither is in the other's past. */
interface Fork {
  readonly author: Did;
  readonly one: Uint8Array;
  readonly other: Uint8Array;
}

interface RecordRow {
  readonly id: number;
  readonly cid: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Records that lie side by side and are read together. */
const RECORDS_AT_ONCE = 64;

const POSITION = 'arrival, clock, run, statements, past, rule';
const ENTRY = `${POSITION}, cid, author, matters, bytes`;

/** Reads the tables of `ledger.db`; what it returns is as stored, not verified. */
export class LedgerStore {
  readonly db: Database;
  readonly #archive;
  readonly #waiting;
  readonly #size;
  readonly #positionByCid;
  readonly #positionAt;
  readonly #entryAt;
  readonly #entryByCid;
  readonly #page;
  readonly #heads;
  readonly #headsAfter;
  readonly #parents;
  readonly #block;
  readonly recordPlaces: RecordPlaces;
  readonly erasures: Erasures;
  readonly #record;
  readonly #recordsFrom;
  readonly #setSize;
  readonly #node;
  readonly #tip;
  readonly #carriers;
  readonly #headCount;
  readonly #isHead;
  readonly #checkpointBefore;
  readonly #mattersSince;
  readonly #forks;
  readonly #forkOf;
  readonly #hasChild;
  readonly #inRun;
  readonly #isCheckpoint;
  /** Id of the record that was read last. */
  #lastRecord = 0;
  readonly #leaves;
  readonly #missingFrom;
  readonly #missingAt;
  readonly #lacksRecords;
  readonly #isMissing;
  readonly #late;
  readonly #lateCount;
  readonly pasts: Pasts;
  readonly #ruleCount;
  readonly #rulesBefore;
  readonly #rulesFrom;
  readonly #ruleAt;
  readonly #isSigner;
  readonly #by;
  readonly #signedBy;
  readonly #hasForks;

  constructor(db: Database) {
    this.db = db;
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
    this.#heads = db.prepare<StoredEntry>(
      `SELECT ${ENTRY} FROM heads JOIN entries USING (arrival)
       ORDER BY author = :author DESC, iif(author = :author, -clock, arrival) LIMIT :limit`,
    );
    this.#headsAfter = db.prepare<StoredEntry>(
      `SELECT ${ENTRY} FROM heads JOIN entries USING (arrival)
       WHERE arrival > ? ORDER BY arrival LIMIT ?`,
    );
    this.#parents = db.prepare<Position>(
      `SELECT ${POSITION} FROM parents JOIN entries ON arrival = parent WHERE child = ?`,
    );
    this.#block = db.prepare<{ bytes: Uint8Array }>('SELECT bytes FROM blocks WHERE cid = ?');
    this.recordPlaces = new RecordPlaces(db);
    this.erasures = new Erasures(db);
    this.#record = db.prepare<{ cid: Uint8Array; bytes: Uint8Array }>(
      'SELECT cid, bytes FROM records WHERE id = ?',
    );
    this.#recordsFrom = db.prepare<RecordRow>(
      'SELECT id, cid, bytes FROM records WHERE id >= ? ORDER BY id LIMIT ?',
    );
    this.#setSize = db.prepare<{ members: number }>('SELECT members FROM sets WHERE cid = ?');
    this.#node = db.prepare<{ hash: Uint8Array }>(
      'SELECT hash FROM tree WHERE level = ? AND place = ?',
    );
    this.#tip = db.prepare<{ arrival: number }>('SELECT arrival FROM tips WHERE author = ?');
    this.#carriers = db.prepare<{ arrival: number }>(
      'SELECT arrival FROM envelopes WHERE once = ?',
    );
    this.#headCount = db.prepare<{ n: number }>('SELECT count(*) AS n FROM heads');
    this.#isHead = db.prepare<{ arrival: number }>('SELECT arrival FROM heads WHERE arrival = ?');
    this.#checkpointBefore = db.prepare<{ arrival: number | null }>(
      'SELECT max(arrival) AS arrival FROM checkpoints WHERE arrival < ?',
    );
    this.#mattersSince = db.prepare<{ arrival: number }>(
      'SELECT arrival FROM entries WHERE arrival > ? AND arrival < ? AND matters = 1 LIMIT 1',
    );
    this.#forks = db.prepare<Fork>(
      `SELECT one.author, one.cid AS one, other.cid AS other FROM forks
       JOIN entries AS one USING (arrival) JOIN entries AS other ON other.arrival = forks.tip
       ORDER BY forks.arrival`,
    );
    this.#forkOf = db.prepare<{ tip: number }>('SELECT tip FROM forks WHERE arrival = ?');
    this.#hasChild = db.prepare<{ n: number }>('SELECT 1 AS n FROM parents WHERE parent = ?');
    this.#inRun = db.prepare<{ arrival: number }>(
      'SELECT arrival FROM entries WHERE run = ? AND clock = ?',
    );
    this.#isCheckpoint = db.prepare<{ n: number }>(
      'SELECT 1 AS n FROM checkpoints WHERE arrival = ?',
    );
    this.#leaves = db.prepare<{ cid: Uint8Array }>(
      'SELECT cid FROM entries WHERE arrival >= ? ORDER BY arrival LIMIT ?',
    );
    this.#missingFrom = db.prepare<{ arrival: number; leaf: Uint8Array; cid: Uint8Array }>(
      `SELECT arrival, entries.cid AS leaf, missing_records.cid FROM missing_records
       JOIN entries USING (arrival) WHERE arrival >= ? ORDER BY arrival`,
    );
    this.#missingAt = db.prepare<{ cid: Uint8Array }>(
      'SELECT cid FROM missing_records WHERE arrival = ?',
    );
    this.#lacksRecords = db.prepare<{ n: number }>('SELECT 1 AS n FROM missing_records LIMIT 1');
    this.#isMissing = db.prepare<{ arrival: number }>(
      'SELECT arrival FROM missing_records WHERE cid = ? LIMIT 1',
    );
    this.#late = db.prepare<{ cid: Uint8Array }>(
      'SELECT cid FROM late_records WHERE id > ? ORDER BY id LIMIT ?',
    );
    this.#lateCount = db.prepare<{ n: number }>(
      'SELECT coalesce(max(id), 0) AS n FROM late_records',
    );
    this.pasts = new Pasts(db);
    this.#ruleCount = db.prepare<{ n: number }>(
      'SELECT coalesce(max(number) + 1, 0) AS n FROM rules',
    );
    this.#rulesBefore = db.prepare<{ n: number }>(
      'SELECT count(*) AS n FROM rules WHERE arrival < ?',
    );
    this.#rulesFrom = db.prepare<RuleRow>(
      `SELECT number, arrival, cid, author, clock, past, member, problem, bytes
       FROM rules JOIN entries USING (arrival) WHERE number >= ? ORDER BY number`,
    );
    this.#ruleAt = db.prepare<Pick<RuleRow, 'arrival' | 'member' | 'problem'>>(
      'SELECT arrival, member, problem FROM rules WHERE number = ?',
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
    this.#hasForks = db.prepare<{ n: number }>(
      'SELECT 1 AS n FROM forks JOIN entries USING (arrival) WHERE author = ? LIMIT 1',
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

  entriesFrom(arrival: number, limit: number): StoredEntry[] {
    return this.#page.all(arrival, limit);
  }

  /** Returns heads: the author's own first, newest first, then the others in order of arrival. */
  heads(author: Did, limit: number): StoredEntry[] {
    return this.#heads.all({ author, limit });
  }

  /** Returns heads in order of arrival. */
  headsAfter(arrival: number, limit: number): StoredEntry[] {
    return this.#headsAfter.all(arrival, limit);
  }

  parentsOf(arrival: number): Position[] {
    return this.#parents.all(arrival);
  }

  block(cid: Cid): Uint8Array | undefined {
    return this.#block.get(cidToBytes(cid))?.bytes;
  }

  /** Returns a record that is here and that no erasure hides. */
  record(cid: Cid): Uint8Array | undefined {
    const named = cidToBytes(cid);
    if (this.erasures.hides(named)) return undefined;
    // Records are mostly read in the order in which they lie.
    const next = this.#record.get(this.#lastRecord + 1);
    if (next !== undefined && equalBytes(next.cid, named)) {
      this.#lastRecord += 1;
      return next.bytes;
    }
    const id = this.recordPlaces.find(named);
    if (id === undefined) return undefined;
    this.#lastRecord = id;
    return this.#record.get(id)?.bytes;
  }

  /** Yields those of the records that {@link record} returns; those side by side are read together. */
  *records(cids: readonly Cid[]): Generator<Block, void> {
    let rows: RecordRow[] = [];
    let at = 0;
    for (const [place, cid] of cids.entries()) {
      const named = cidToBytes(cid);
      if (this.erasures.hides(named)) continue;
      const limit = Math.min(RECORDS_AT_ONCE, cids.length - place);
      if (at === rows.length) {
        rows = this.#recordsFrom.all(this.#lastRecord + 1, limit);
        at = 0;
      }
      const next = rows[at];
      if (next === undefined || !equalBytes(next.cid, named)) {
        const id = this.recordPlaces.find(named);
        if (id === undefined) continue;
        at = rows.findIndex((row) => row.id === id);
        if (at < 0) {
          rows = this.#recordsFrom.all(id, limit);
          at = 0;
        }
      }
      const row = rows[at++];
      if (row === undefined) throw damaged(`record ${cid} is noted and not there`);
      this.#lastRecord = row.id;
      yield { cid, bytes: row.bytes };
    }
  }

  /** Says whether {@link record} returns it. */
  hasRecord(cid: Cid): boolean {
    return this.holdsRecord(cid) && !this.erasures.hides(cidToBytes(cid));
  }

  /** Says whether a record lies here, be it hidden or wiped out. */
  holdsRecord(cid: Cid): boolean {
    return this.recordPlaces.find(cidToBytes(cid)) !== undefined;
  }

  /** Returns the CIDs of up to `limit` entries from an arrival number on. */
  leaves(since: number, limit: number): Uint8Array[] {
    return this.#leaves.all(since, limit).map((row) => row.cid);
  }

  has(cid: Uint8Array): boolean {
    return this.#positionByCid.get(cid) !== undefined;
  }

  /**
   * Returns entries with the records they name that are not here, until they are `limit` or more; without
   * what is erased.
   */
  missingRecords(since: number, limit: number): MissingRow[] {
    const rows: MissingRow[] = [];
    let count = 0;
    for (const { arrival, leaf, cid } of this.#missingFrom.iterate(since)) {
      if (this.erasures.hides(cid)) continue;
      const last = rows.at(-1);
      if (last?.arrival === arrival) last.records.push(cid);
      else if (count >= limit) break;
      else rows.push({ arrival, leaf, records: [cid] });
      count += 1;
    }
    return rows;
  }

  /** Returns the records noted as missing with one entry. */
  missingAt(arrival: number): readonly Uint8Array[] {
    return this.#missingAt.all(arrival).map((row) => row.cid);
  }

  /** Returns records that came late, leaving out the first `since`. */
  lateRecords(since: number, limit: number): Uint8Array[] {
    return this.#late.all(since, limit).map((row) => row.cid);
  }

  lateRecordCount(): number {
    return this.#lateCount.get()?.n ?? 0;
  }

  /** Says whether accepted entries name any records that are not here. */
  lacksRecords(): boolean {
    return this.#lacksRecords.get() !== undefined;
  }

  /** Says whether an accepted entry names a record that is not here, erased or not. */
  isMissing(cid: Uint8Array): boolean {
    return this.#isMissing.get(cid) !== undefined;
  }

  /** Returns the members of a set that statements are about: 0 if it is broken. */
  setSize(cid: Cid): number | undefined {
    return this.#setSize.get(cidToBytes(cid))?.members;
  }

  /** Returns the newest entry of the author's chain. */
  tipOf(author: Did): number | undefined {
    return this.#tip.get(author)?.arrival;
  }

  headCount(): number {
    return this.#headCount.get()?.n ?? 0;
  }

  isHead(arrival: number): boolean {
    return this.#isHead.get(arrival) !== undefined;
  }

  /** Returns this home's newest checkpoint. */
  newestCheckpoint(before = Number.MAX_SAFE_INTEGER): number | undefined {
    return this.#checkpointBefore.get(before)?.arrival ?? undefined;
  }

  /** Says whether something that calls for a checkpoint arrived after this entry, and before that one. */
  mattersSince(arrival: number, before = Number.MAX_SAFE_INTEGER): boolean {
    return this.#mattersSince.get(arrival, before) !== undefined;
  }

  forks(): Fork[] {
    return this.#forks.all();
  }

  /** Returns the entry that this one should have gone on from and did not. */
  forkOf(arrival: number): number | undefined {
    return this.#forkOf.get(arrival)?.tip;
  }

  hasChild(arrival: number): boolean {
    return this.#hasChild.get(arrival) !== undefined;
  }

  /** Returns the entry of this clock in a run. */
  inRun(run: number, clock: number): number | undefined {
    return this.#inRun.get(run, clock)?.arrival;
  }

  isCheckpoint(arrival: number): boolean {
    return this.#isCheckpoint.get(arrival) !== undefined;
  }

  /** Returns the entries that carry an envelope statement. */
  carriersOf(once: Cid): number[] {
    return this.#carriers.all(cidToBytes(once)).map((row) => row.arrival);
  }

  /** Returns how many governance entries there are. */
  ruleCount(): number {
    return this.#ruleCount.get()?.n ?? 0;
  }

  /** Returns how many governance entries arrived before this number. */
  rulesBefore(arrival: number): number {
    return this.#rulesBefore.get(arrival)?.n ?? 0;
  }

  rulesFrom(number: number): RuleRow[] {
    return this.#rulesFrom.all(number);
  }

  ruleAt(number: number): Pick<RuleRow, 'arrival' | 'member' | 'problem'> | undefined {
    return this.#ruleAt.get(number);
  }

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

  /** Says whether the entries of a key are no chain. */
  hasForks(key: Did): boolean {
    return this.#hasForks.get(key) !== undefined;
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
