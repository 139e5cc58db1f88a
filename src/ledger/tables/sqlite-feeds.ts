import type { Did } from '../../core/entries/did-key.ts';
import { concatBytes, equalBytes } from '../../core/hash.ts';
import { EMPTY_FRONTIER, type Frontier } from '../../core/merkle/tree.ts';
import type {
  Contradiction,
  KnownFeed,
  KnownFeeds,
  Skips,
  Taken,
} from '../../core/ports/known-feeds.ts';
import type { FeedHead, Leaf } from '../../core/ports/ledger-feed.ts';
import type { Database, SqlValue } from '../../sqlite/database.ts';
import { transaction } from '../../sqlite/transaction.ts';
import { damaged } from '../damaged.ts';
import { sealOf } from './seal.ts';

interface FeedRow {
  readonly origin: string;
  readonly peer: Did;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly taken: number;
  readonly frontier: Uint8Array;
  readonly seal: Uint8Array;
}

interface SkippedRow {
  readonly origin: string;
  readonly leaf: Uint8Array;
  readonly reason: string;
  readonly seal: Uint8Array;
}

interface ContradictionRow {
  readonly peer: Did;
  readonly sort: Contradiction['sort'];
  readonly one: string;
  readonly other: string;
  readonly settled: number;
  readonly seal: Uint8Array;
}

const HASH_BYTES = 32;

/** What this home remembers of other nodes' arrival logs, in `ledger.db` beside what was taken from them. */
export class SqliteFeeds implements KnownFeeds {
  readonly #db: Database;
  readonly #feed;
  readonly #newest;
  readonly #of;
  readonly #put;
  readonly #isSkipped;
  readonly #skips;
  readonly #skip;
  readonly #forgetSkipped;
  readonly #accuse;
  readonly #contradictions;
  readonly #forgetFeeds;

  constructor(db: Database) {
    this.#db = db;
    this.#feed = db.prepare<FeedRow>('SELECT * FROM feeds WHERE origin = ?');
    this.#newest = db.prepare<FeedRow>(
      'SELECT * FROM feeds WHERE peer = ? ORDER BY id DESC LIMIT 1',
    );
    this.#of = db.prepare<FeedRow>('SELECT * FROM feeds WHERE peer = ? ORDER BY id');
    this.#put = db.prepare(
      `INSERT INTO feeds (origin, peer, size, root, note, taken, frontier, seal)
       VALUES (:origin, :peer, :size, :root, :note, :taken, :frontier, :seal)
       ON CONFLICT (origin) DO UPDATE SET size = :size, root = :root, note = :note,
         taken = :taken, frontier = :frontier, seal = :seal`,
    );
    this.#isSkipped = db.prepare<{ n: number }>(
      'SELECT 1 AS n FROM skipped WHERE origin = ? AND leaf = ?',
    );
    this.#skips = db.prepare<Skips>(
      `SELECT peer, count(*) AS count, min(reason) AS reason
       FROM skipped JOIN feeds USING (origin) GROUP BY peer ORDER BY peer`,
    );
    this.#skip = db.prepare('INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)');
    this.#forgetSkipped = db.prepare('DELETE FROM skipped WHERE origin = ?');
    this.#accuse = db.prepare(
      `INSERT INTO contradictions (peer, sort, one, other, settled, seal)
       VALUES (:peer, :sort, :one, :other, :settled, :seal)
       ON CONFLICT (one, other) DO UPDATE SET settled = :settled, seal = :seal
         WHERE settled < :settled`,
    );
    this.#contradictions = db.prepare<ContradictionRow>(
      'SELECT peer, sort, one, other, settled, seal FROM contradictions ORDER BY id',
    );
    this.#forgetFeeds = db.prepare('DELETE FROM feeds WHERE peer = ?');
  }

  feed(origin: string): KnownFeed | undefined {
    const row = this.#feed.get(origin);
    return row && toFeed(row);
  }

  newestFeed(peer: Did): KnownFeed | undefined {
    const row = this.#newest.get(peer);
    return row && toFeed(row);
  }

  saw(peer: Did, head: FeedHead): void {
    const known = this.feed(head.origin);
    if (known?.head.note === head.note) return;
    this.#write({ peer, head, taken: known?.taken ?? EMPTY_FRONTIER });
  }

  /** Writes how far a feed is taken, within the caller's transaction. */
  take({ origin, frontier, skipped }: Taken): void {
    const known = this.feed(origin);
    if (known === undefined) throw new RangeError(`no head was seen of the feed ${origin}`);
    this.#write({ ...known, taken: frontier });
    for (const { leaf, reason } of skipped) {
      this.#skip.run(origin, leaf, reason, sealOf(origin, leaf, reason));
    }
  }

  isSkipped(origin: string, leaf: Leaf): boolean {
    return this.#isSkipped.get(origin, leaf) !== undefined;
  }

  skips(): readonly Skips[] {
    return this.#skips.all();
  }

  accuse({ peer, sort, notes: [one, other] }: Omit<Contradiction, 'settled'>): void {
    this.#accuse.run(sealed({ peer, sort, one, other, settled: 0 }));
  }

  contradictions(): readonly Contradiction[] {
    return this.#contradictions.all().map((row) => {
      const { peer, sort, one, other, settled } = row;
      if (!equalBytes(row.seal, sealed(row).seal)) {
        throw damaged(`what is noted of a contradiction of ${peer} is not as it was written`);
      }
      return { peer, sort, notes: [one, other], settled: settled === 1 };
    });
  }

  settle(peer: Did): void {
    const accused = this.contradictions().filter((one) => one.peer === peer);
    transaction(this.#db, () => {
      for (const { sort, notes } of accused) {
        const [one, other] = notes;
        this.#accuse.run(sealed({ peer, sort, one, other, settled: 1 }));
      }
      for (const { origin } of this.#of.all(peer)) this.#forgetSkipped.run(origin);
      this.#forgetFeeds.run(peer);
    });
  }

  #write({ peer, head, taken }: KnownFeed): void {
    const { origin, size, root, note } = head;
    const frontier = concatBytes(...taken.hashes);
    const row = { origin, peer, size, root, note, taken: taken.size, frontier };
    this.#put.run({ ...row, seal: sealOfFeed(row) });
  }
}

function sealed(row: Omit<ContradictionRow, 'seal'>): ContradictionRow & Record<string, SqlValue> {
  const { peer, sort, one, other, settled } = row;
  return { peer, sort, one, other, settled, seal: sealOf(peer, sort, one, other, settled) };
}

/** Yields rows that are not as they were written. */
export function* sealedProblems(
  db: Database,
): Generator<{ readonly subject: string; readonly text: string }, void> {
  const text = 'what is noted of another node is not as it was written';
  for (const row of db.prepare<FeedRow>('SELECT * FROM feeds').iterate()) {
    if (!equalBytes(row.seal, sealOfFeed(row))) yield { subject: row.origin, text };
  }
  for (const row of db.prepare<SkippedRow>('SELECT * FROM skipped').iterate()) {
    const { origin, leaf, reason, seal } = row;
    if (!equalBytes(seal, sealOf(origin, leaf, reason))) yield { subject: origin, text };
  }
  for (const row of db.prepare<ContradictionRow>('SELECT * FROM contradictions').iterate()) {
    if (!equalBytes(row.seal, sealed(row).seal)) yield { subject: row.peer, text };
  }
}

function sealOfFeed(row: Omit<FeedRow, 'seal'>): Uint8Array {
  const { origin, peer, size, root, note, taken, frontier } = row;
  return sealOf(origin, peer, size, root, note, taken, frontier);
}

function toFeed(row: FeedRow): KnownFeed {
  const { origin, peer, size, root, note, taken, frontier } = row;
  if (!equalBytes(row.seal, sealOfFeed(row))) {
    throw damaged(`what is noted of the feed ${origin} is not as it was written`);
  }
  return { peer, head: { origin, size, root, note }, taken: toFrontier(taken, frontier) };
}

function toFrontier(size: number, bytes: Uint8Array): Frontier {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) {
    hashes.push(bytes.slice(at, at + HASH_BYTES));
  }
  return { size, hashes };
}
