import { equalBytes } from '../../core/hash.ts';
import type { Database } from '../../sqlite/database.ts';

/** Records in one segment. */
export const SEGMENT = 16_384;

/** Records read at once, a part of a segment. */
const AT_ONCE = 1_024;

/** A segment has one bucket for each first byte of a digest. */
const BUCKETS = 256;

/** In a bucket: the next four bytes of the digest, and the place in the segment. */
const PREFIX = 4;
const WIDTH = PREFIX + 2;

/** Where the digest begins in the 36 bytes of a CID. */
const DIGEST = 4;

/**
 * Finds records by CID without an index that every insert would scatter over the whole disk.
 *
 * Records lie in the order in which they came. Each 16,384 of them make a segment: 256 small rows
 * written side by side, which say by the first bytes of the digests where a record may be. Those that
 * came since are in memory, read from the table when they are asked for (never within a
 * transaction that writes records: what is undone would stay known). A search looks into the newest, then into the segment of the last find (records are mostly read in their order), then
 * into the others; what it finds is compared with the whole CID.
 */
export class RecordPlaces {
  readonly #newest;
  readonly #after;
  readonly #cidAt;
  readonly #bucket;
  readonly #insertBucket;
  readonly #same;
  /** Places of the records after the last full segment, by the first bytes of the digest. */
  readonly #recent = new Map<number, number>();
  #base = 0;
  #recentTo = 0;
  #lastSegment = 0;

  constructor(db: Database) {
    this.#newest = db.prepare<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM records');
    this.#after = db.prepare<{ id: number; cid: Uint8Array }>(
      'SELECT id, cid FROM records WHERE id > ? AND id <= ? ORDER BY id',
    );
    this.#cidAt = db.prepare<{ cid: Uint8Array }>('SELECT cid FROM records WHERE id = ?');
    this.#bucket = db.prepare<{ places: Uint8Array }>(
      'SELECT places FROM record_places WHERE segment = ? AND bucket = ?',
    );
    this.#insertBucket = db.prepare('INSERT OR REPLACE INTO record_places VALUES (?, ?, ?)');
    this.#same = db.prepare<{ id: number }>('SELECT id FROM records WHERE id > ? AND cid = ?');
  }
  /** Returns the id of a record of this CID; undefined if there is none. */
  find(cid: Uint8Array): number | undefined {
    const base = this.#readRecent();
    const recent = this.#recent.get(keyOf(cid));
    if (recent !== undefined) {
      if (this.#isAt(recent, cid)) return recent;
      const same = this.#same.get(base, cid);
      if (same !== undefined) return same.id;
    }
    const segments = base / SEGMENT;
    if (this.#lastSegment < segments) {
      const id = this.#findIn(this.#lastSegment, cid);
      if (id !== undefined) return id;
    }
    for (let segment = segments - 1; segment >= 0; segment--) {
      const id = this.#findIn(segment, cid);
      if (id === undefined) continue;
      this.#lastSegment = segment;
      return id;
    }
    return undefined;
  }

  /** To be called within the transaction when records were written: with the last id, and how many. */
  written(id: number, count: number): void {
    const segment = Math.floor(id / SEGMENT) - 1;
    if (id - count >= (segment + 1) * SEGMENT) return;
    const work = this.bucketsOf(segment);
    let step = work.next();
    while (step.done !== true) step = work.next();
    for (const [bucket, places] of step.value.entries()) {
      this.#insertBucket.run(segment, bucket, places);
    }
  }

  /** Returns what the buckets of a full segment must hold; yields after each thousand that is read. */
  *bucketsOf(segment: number): Generator<undefined, readonly Uint8Array[]> {
    const first = segment * SEGMENT;
    const rows: { readonly id: number; readonly cid: Uint8Array }[] = [];
    for (let from = first; from < first + SEGMENT; from += AT_ONCE) {
      rows.push(...this.#after.all(from, from + AT_ONCE));
      yield;
    }
    const counts = new Uint32Array(BUCKETS);
    for (const { cid } of rows) counts[cid[DIGEST] ?? 0] = (counts[cid[DIGEST] ?? 0] ?? 0) + 1;
    const buckets = Array.from(counts, (count) => Buffer.alloc(count * WIDTH));
    const filled = new Uint32Array(BUCKETS);
    for (const { id, cid } of rows) {
      const bucket = cid[DIGEST] ?? 0;
      const at = filled[bucket] ?? 0;
      const places = buckets[bucket];
      places?.set(cid.subarray(DIGEST + 1, DIGEST + 1 + PREFIX), at);
      places?.writeUInt16BE(id - first - 1, at + PREFIX);
      filled[bucket] = at + WIDTH;
    }
    return buckets;
  }

  /** Returns what is stored of a bucket. */
  storedBucket(segment: number, bucket: number): Uint8Array | undefined {
    return this.#bucket.get(segment, bucket)?.places;
  }

  #findIn(segment: number, cid: Uint8Array): number | undefined {
    const stored = this.storedBucket(segment, cid[DIGEST] ?? 0);
    if (stored === undefined) return undefined;
    const places = Buffer.from(stored.buffer, stored.byteOffset, stored.length);
    const prefix = cid.subarray(DIGEST + 1, DIGEST + 1 + PREFIX);
    for (let at = places.indexOf(prefix); at >= 0; at = places.indexOf(prefix, at + 1)) {
      if (at % WIDTH !== 0) continue;
      const id = segment * SEGMENT + places.readUInt16BE(at + PREFIX) + 1;
      if (this.#isAt(id, cid)) return id;
    }
    return undefined;
  }

  /** Reads the records that came since the last look, and returns where full segments end. */
  #readRecent(): number {
    const newest = this.#newest.get()?.id ?? 0;
    const base = newest - (newest % SEGMENT);
    // Numbers are never given twice, so what is known stays true; deleting the newest moves the end.
    if (base !== this.#base || newest < this.#recentTo) {
      this.#recent.clear();
      this.#base = base;
      this.#recentTo = base;
    }
    if (newest > this.#recentTo) {
      // An iterator takes twice as long.
      for (let from = this.#recentTo; from < newest; from += AT_ONCE) {
        const rows = this.#after.all(from, Math.min(newest, from + AT_ONCE));
        for (const { id, cid } of rows) this.#recent.set(keyOf(cid), id);
      }
      this.#recentTo = newest;
    }
    return base;
  }

  #isAt(id: number, cid: Uint8Array): boolean {
    const stored = this.#cidAt.get(id)?.cid;
    return stored !== undefined && equalBytes(stored, cid);
  }
}

/** The first six bytes of the digest as a number. */
function keyOf(cid: Uint8Array): number {
  let key = 0;
  for (let at = DIGEST; at < DIGEST + 6; at++) key = key * 256 + (cid[at] ?? 0);
  return key;
}
