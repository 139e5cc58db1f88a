import { type Cid, CODEC, cidFromBytes, cidToBytes, codecOf } from '../../core/cid.ts';
import type { Database, Statement } from '../../sqlite/database.ts';
import { type Migration, openDatabase } from '../../sqlite/open-database.ts';
import { asyncTransaction, transaction } from '../../sqlite/transaction.ts';
import { inTurns } from '../turn.ts';
import type { DeadRegion, PackRegion } from './commit-mark.ts';

/** Where the bytes of a block lie. */
export interface Place {
  readonly pack: number;
  /** Of the block's bytes, behind the head of its frame. */
  readonly offset: number;
  readonly length: number;
  readonly codec: number;
}

/** A block and where it lies. */
export interface IndexedBlock extends Place {
  readonly digest: Uint8Array;
}

export interface IndexedPack {
  readonly id: number;
  /** The id in the marker file of the directory it lies in. */
  readonly directory: string;
  /** Bytes that are committed; what lies behind them is not part of the store. */
  readonly length: number;
}

export interface PackDirectory {
  readonly id: string;
  readonly path: string;
}

/** Roots that are remembered as such. */
const MOST_ROOTS = 4096;

/** What one commit adds. */
interface IndexChanges {
  readonly blocks: Iterable<IndexedBlock>;
  readonly packs: Iterable<IndexedPack>;
  readonly roots: Iterable<Cid>;
  readonly fileSizes: Iterable<number>;
  /** Parts of packs that are given up; blocks that lay there are forgotten before any is added. */
  readonly dead?: Iterable<DeadRegion>;
}

export const INDEX_MIGRATIONS: readonly Migration[] = [
  `CREATE TABLE store (id TEXT PRIMARY KEY) STRICT;
   CREATE TABLE directories (id TEXT PRIMARY KEY, path TEXT NOT NULL) STRICT;
   CREATE TABLE packs (
     id INTEGER PRIMARY KEY,
     directory TEXT NOT NULL REFERENCES directories (id),
     length INTEGER NOT NULL,
     blocks INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE blocks (
     digest BLOB PRIMARY KEY,
     pack INTEGER NOT NULL,
     offset INTEGER NOT NULL,
     length INTEGER NOT NULL,
     codec INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX blocks_by_place ON blocks (pack, offset);
   CREATE TABLE roots (cid BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
   -- Sizes of files stored as many blocks: a file of another size need not be hashed before it is written.
   CREATE TABLE file_sizes (size INTEGER PRIMARY KEY) STRICT;
   -- Parts of packs whose damaged blocks were stored again behind them.
   CREATE TABLE dead (
     pack INTEGER NOT NULL,
     start INTEGER NOT NULL,
     end INTEGER NOT NULL,
     PRIMARY KEY (pack, start, end)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE files (id INTEGER PRIMARY KEY, root BLOB NOT NULL UNIQUE) STRICT;
   -- Of which files of several blocks a block is part.
   CREATE TABLE parts (
     digest BLOB NOT NULL,
     file INTEGER NOT NULL,
     PRIMARY KEY (digest, file)
   ) STRICT, WITHOUT ROWID;
   -- Roots of dag-pb whose parts are not among them yet.
   CREATE TABLE unread (root BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
   INSERT INTO unread SELECT cid FROM roots WHERE substr(cid, 1, 2) = x'0170';`,
  // Releases had no parts before.
  `INSERT OR IGNORE INTO unread SELECT cid FROM roots
   WHERE substr(cid, 1, 2) = x'0170' AND cid NOT IN (SELECT root FROM files);`,
  `-- Assets that are being fetched, and how many of their blocks have come.
   CREATE TABLE received (root BLOB PRIMARY KEY, blocks INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
  `-- Blocks that lie in the packs once more, which large files are written with.
   CREATE TABLE copies (
     digest BLOB NOT NULL,
     pack INTEGER NOT NULL,
     offset INTEGER NOT NULL,
     length INTEGER NOT NULL,
     codec INTEGER NOT NULL,
     PRIMARY KEY (digest, pack, offset)
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX copies_by_place ON copies (pack, offset);
   ALTER TABLE dead ADD COLUMN destroyed INTEGER NOT NULL DEFAULT 0;
   -- Whether it has been overwritten with zeros.
   ALTER TABLE dead ADD COLUMN wiped INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX dead_to_wipe ON dead (pack, start) WHERE wiped = 0;
   -- The status change time of the file, in ms, when parts of it were overwritten last.
   ALTER TABLE packs ADD COLUMN wiped_at REAL;`,
];

/**
 * The SQLite index of the packs: which block lies where, which roots are wanted. A cache: everything
 * in it can be read from the packs again.
 *
 * Owned by the pack writer, which alone commits to it.
 */
export class PackIndex implements Disposable {
  readonly path: string;
  readonly #db: Database;
  readonly #find: Statement<Place>;
  readonly #insert: Statement<never>;
  readonly #page: Statement<IndexedBlock>;
  readonly #hasRoot: Statement<{ found: number }>;
  readonly #changes: Statement<{ n: number }>;
  readonly #copy: Statement<never>;
  readonly #places: Statement<Place>;
  readonly #dead: Statement<{ start: number; end: number }>;
  readonly #isDestroyed: Statement<{ found: number }>;
  readonly #filesWith: Statement<{ root: Uint8Array }>;
  readonly #wipedBytes: Statement<{ bytes: number }>;
  readonly #isUnread: Statement<{ found: number }>;
  readonly #receivedOf: Statement<{ blocks: number }>;
  /** Roots that were asked for lately: what is one stays one. */
  readonly #someRoots = new Set<Cid>();

  private constructor(db: Database) {
    this.path = db.path;
    this.#db = db;
    this.#find = db.prepare('SELECT pack, offset, length, codec FROM blocks WHERE digest = ?');
    this.#insert = db.prepare('INSERT OR IGNORE INTO blocks VALUES (?, ?, ?, ?, ?)');
    this.#copy = db.prepare(
      `INSERT OR IGNORE INTO copies SELECT ?1, ?2, ?3, ?4, ?5
       WHERE NOT EXISTS (SELECT 1 FROM blocks WHERE pack = ?2 AND offset = ?3)`,
    );
    this.#places = db.prepare(
      `SELECT pack, offset, length, codec FROM blocks WHERE digest = ?1
       UNION ALL SELECT pack, offset, length, codec FROM copies WHERE digest = ?1`,
    );
    this.#page = db.prepare(
      `SELECT digest, pack, offset, length, codec FROM blocks
       WHERE pack = ? AND offset > ? ORDER BY offset LIMIT 1000`,
    );
    // Of this connection, which is the one that writes.
    this.#changes = db.prepare('SELECT total_changes() AS n');
    this.#hasRoot = db.prepare('SELECT 1 AS found FROM roots WHERE cid = ?');
    this.#dead = db.prepare(
      'SELECT start, end FROM dead WHERE pack = ? AND end > ? AND start < ? ORDER BY start',
    );
    this.#isDestroyed = db.prepare(
      `SELECT 1 AS found FROM dead WHERE pack = ? AND start = ? AND end = ? AND destroyed = 1`,
    );
    this.#wipedBytes = db.prepare(
      'SELECT coalesce(sum(end - start), 0) AS bytes FROM dead WHERE pack = ? AND wiped = 1',
    );
    this.#isUnread = db.prepare('SELECT 1 AS found FROM unread WHERE root = ?');
    this.#receivedOf = db.prepare('SELECT blocks FROM received WHERE root = ?');
    this.#filesWith = db.prepare(
      'SELECT root FROM parts JOIN files ON files.id = file WHERE digest = ? LIMIT ?',
    );
  }

  /**
   * Opens the index, empty if there is none. Fails as `openDatabase` does. Its commits need not reach
   * the disk at once: what a power cut takes from it is read from the packs again.
   */
  static open(path: string): PackIndex {
    const db = openDatabase(path, { migrations: INDEX_MIGRATIONS });
    try {
      db.exec('PRAGMA synchronous=NORMAL');
      return new PackIndex(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** The random id that the store shares with the marker files of its directories. */
  get storeId(): string | undefined {
    return this.#db.prepare<{ id: string }>('SELECT id FROM store').get()?.id;
  }

  get directories(): PackDirectory[] {
    return this.#db.prepare<PackDirectory>('SELECT id, path FROM directories').all();
  }

  get packs(): IndexedPack[] {
    return this.#db
      .prepare<IndexedPack>('SELECT id, directory, length FROM packs ORDER BY id')
      .all();
  }

  /** Records whose index this is and where its directories are now. */
  identify(storeId: string, directories: readonly PackDirectory[]): void {
    transaction(this.#db, () => {
      this.#db.prepare('INSERT OR IGNORE INTO store VALUES (?)').run(storeId);
      const upsert = this.#db.prepare(
        'INSERT INTO directories VALUES (?, ?) ON CONFLICT DO UPDATE SET path = excluded.path',
      );
      for (const { id, path } of directories) upsert.run(id, path);
    });
  }

  find(digest: Uint8Array): Place | undefined {
    return this.#find.get(digest);
  }

  /** Returns every place that has the block; readers use the first of them. */
  placesOf(digest: Uint8Array): Place[] {
    return this.#places.all(digest);
  }

  hasRoot(root: Cid): boolean {
    if (this.#someRoots.has(root)) return true;
    const isRoot = this.#hasRoot.get(cidToBytes(root)) !== undefined;
    if (this.#someRoots.size >= MOST_ROOTS) this.#someRoots.clear();
    if (isRoot) this.#someRoots.add(root);
    return isRoot;
  }

  /** Returns how many rows were written since it was opened. */
  changes(): number {
    return this.#changes.get()?.n ?? 0;
  }

  hasFileSize(size: number): boolean {
    const found = this.#db.prepare('SELECT 1 FROM file_sizes WHERE size = ?').get(size);
    return found !== undefined;
  }

  isUnread(root: Cid): boolean {
    return this.#isUnread.get(cidToBytes(root)) !== undefined;
  }

  /** Returns some roots whose parts are not known, in the order of their bytes, behind one of them. */
  unreadRoots(after?: Cid): Cid[] {
    const behind = after === undefined ? new Uint8Array(0) : cidToBytes(after);
    const rows = this.#db.prepare<{ root: Uint8Array }>(
      'SELECT root FROM unread WHERE root > ? ORDER BY root LIMIT 256',
    );
    return rows.all(behind).map(({ root }) => cidFromBytes(root));
  }

  /** Returns up to `limit` roots of files that a block is part of, as far as they were read. */
  filesWith(digest: Uint8Array, limit: number): Cid[] {
    return this.#filesWith.all(digest, limit).map(({ root }) => cidFromBytes(root));
  }

  /** Yields all of them. Nothing may be written meanwhile. */
  *rootsWith(digest: Uint8Array): Generator<Cid, void> {
    for (const { root } of this.#filesWith.iterate(digest, -1)) yield cidFromBytes(root);
  }

  /** Records blocks as parts of a file; what is known already stays. */
  addParts(root: Cid, digests: Iterable<Uint8Array>): void {
    transaction(this.#db, () => {
      const key = cidToBytes(root);
      this.#db.prepare('INSERT OR IGNORE INTO files (root) VALUES (?)').run(key);
      const add = this.#db.prepare(
        'INSERT OR IGNORE INTO parts SELECT ?, id FROM files WHERE root = ?',
      );
      for (const digest of digests) add.run(digest, key);
    });
  }

  /** Records that all parts of a root are known, or that it is no file. */
  settleRoot(root: Cid): void {
    this.#db.prepare('DELETE FROM unread WHERE root = ?').run(cidToBytes(root));
  }

  /** Returns what was noted last of an asset that is no root. */
  receivedOf(root: Cid): number {
    return this.#receivedOf.get(cidToBytes(root))?.blocks ?? 0;
  }

  /** Notes how many blocks of an asset have come. */
  noteReceived(root: Cid, blocks: number): void {
    this.#db.prepare('INSERT OR REPLACE INTO received VALUES (?, ?)').run(cidToBytes(root), blocks);
  }

  /** Returns up to 1,000 blocks of a pack behind an offset, in the order in which they lie there. */
  blocksAfter(pack: number, offset: number): IndexedBlock[] {
    return this.#page.all(pack, offset);
  }

  /** Says whether all of this part of a pack has been given up. */
  isDead({ pack, start, end }: PackRegion): boolean {
    let covered = start;
    for (const region of this.#dead.all(pack, start, end)) {
      if (region.start > covered) return false;
      covered = Math.max(covered, region.end);
    }
    return covered >= end;
  }

  /** Says whether this is a frame that was destroyed. */
  isDestroyed({ pack, start, end }: PackRegion): boolean {
    return this.#isDestroyed.get(pack, start, end) !== undefined;
  }

  /** Returns up to 1,000 parts of a pack that are given up and have not been overwritten. */
  unwiped(pack: number): PackRegion[] {
    return this.#db
      .prepare<PackRegion>(
        'SELECT pack, start, end FROM dead WHERE pack = ? AND wiped = 0 ORDER BY start LIMIT 1000',
      )
      .all(pack);
  }

  /** Records that these parts of one pack are overwritten, which has changed its file at `changedAt`. */
  noteWiped(pack: number, regions: readonly PackRegion[], changedAt: number): void {
    transaction(this.#db, () => {
      const note = this.#db.prepare(
        'UPDATE dead SET wiped = 1 WHERE pack = ? AND start = ? AND end = ?',
      );
      for (const { start, end } of regions) note.run(pack, start, end);
      this.#db.prepare('UPDATE packs SET wiped_at = ? WHERE id = ?').run(changedAt, pack);
    });
  }

  /** Returns how many bytes of a pack are overwritten, heads of frames included. */
  wipedBytes(pack: number): number {
    return this.#wipedBytes.get(pack)?.bytes ?? 0;
  }

  /** Returns each pack of which parts were overwritten, and what the file's change time was then. */
  wipedPacks(): { readonly id: number; readonly changedAt: number }[] {
    return this.#db
      .prepare<{ id: number; changedAt: number }>(
        'SELECT id, wiped_at AS changedAt FROM packs WHERE wiped_at IS NOT NULL ORDER BY id',
      )
      .all();
  }

  /** Has all that is given up of a pack overwritten again: its file may be another. */
  forgetWipes(pack: number): void {
    this.#db.prepare('UPDATE dead SET wiped = 0 WHERE pack = ?').run(pack);
  }

  *roots(): IterableIterator<Cid> {
    let last: Uint8Array = new Uint8Array(0);
    const page = this.#db.prepare<{ cid: Uint8Array }>(
      'SELECT cid FROM roots WHERE cid > ? ORDER BY cid LIMIT 1000',
    );
    for (let rows = page.all(last); rows.length > 0; rows = page.all(last)) {
      for (const { cid } of rows) {
        yield cidFromBytes(cid);
        last = cid;
      }
    }
  }

  totals(): { readonly blocks: number; readonly bytes: number; readonly packs: number } {
    const sums = this.#db
      .prepare<{ blocks: number; bytes: number; packs: number }>(
        `SELECT coalesce(sum(blocks), 0) AS blocks, coalesce(sum(length), 0) AS bytes,
                count(*) AS packs FROM packs`,
      )
      .get();
    return { blocks: 0, bytes: 0, packs: 0, ...sums };
  }

  /**
   * Records what one commit adds, all or nothing. A block that is here already keeps its place. The
   * caller has made the packs durable before.
   */
  async commit(changes: IndexChanges): Promise<void> {
    try {
      await asyncTransaction(this.#db, () => this.#record(changes));
    } catch (error) {
      // Some may have been seen that are none after all.
      this.#someRoots.clear();
      throw error;
    }
  }

  async #record(changes: IndexChanges): Promise<void> {
    const upsert = this.#db.prepare(
      `INSERT INTO packs (id, directory, length, blocks) VALUES (?, ?, ?, 0)
       ON CONFLICT DO UPDATE SET length = excluded.length`,
    );
    for (const { id, directory, length } of changes.packs) upsert.run(id, directory, length);
    const count = this.#db.prepare('UPDATE packs SET blocks = blocks + ? WHERE id = ?');
    const forget = this.#db.prepare(
      'DELETE FROM blocks WHERE pack = ? AND offset >= ? AND offset < ?',
    );
    const forgetCopies = this.#db.prepare(
      'DELETE FROM copies WHERE pack = ? AND offset >= ? AND offset < ?',
    );
    const bury = this.#db.prepare(
      `INSERT INTO dead (pack, start, end, destroyed) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET destroyed = max(destroyed, excluded.destroyed)`,
    );
    for await (const { pack, start, end, isDestroyed } of inTurns(changes.dead ?? [])) {
      count.run(-forget.run(pack, start, end).changes, pack);
      forgetCopies.run(pack, start, end);
      bury.run(pack, start, end, Number(isDestroyed));
    }
    const added = await this.#insertBlocks(changes.blocks);
    for (const [pack, blocks] of added) count.run(blocks, pack);
    const addRoot = this.#db.prepare('INSERT OR IGNORE INTO roots VALUES (?)');
    const unread = this.#db.prepare('INSERT OR IGNORE INTO unread VALUES (?)');
    const arrived = this.#db.prepare('DELETE FROM received WHERE root = ?');
    for await (const root of inTurns(changes.roots)) {
      const isNew = addRoot.run(cidToBytes(root)).changes > 0;
      arrived.run(cidToBytes(root));
      if (isNew && codecOf(root) === CODEC.dagPb) unread.run(cidToBytes(root));
    }
    const addSize = this.#db.prepare('INSERT OR IGNORE INTO file_sizes VALUES (?)');
    for (const size of changes.fileSizes) addSize.run(size);
  }

  async #insertBlocks(blocks: Iterable<IndexedBlock>): Promise<Map<number, number>> {
    const added = new Map<number, number>();
    for await (const { digest, pack, offset, length, codec } of inTurns(blocks)) {
      const { changes } = this.#insert.run(digest, pack, offset, length, codec);
      if (changes > 0) added.set(pack, (added.get(pack) ?? 0) + 1);
      else this.#copy.run(digest, pack, offset, length, codec);
    }
    return added;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}
