import type { Cid } from '../../core/cid.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';

/**
 * Gives assets their numbers: one more for every asset that a statement names for the first time, in
 * the order of the statements, so numbers depend on entries alone.
 */
export class AssetIds {
  readonly #find: Query<{ id: number }>;
  readonly #cid: Query<{ cid: Cid }>;
  readonly #last: Query<{ id: number | null }>;
  /** Assets that have a number and no row yet. */
  readonly #fresh = new Map<Cid, number>();
  #next = 0;

  constructor(db: Database) {
    this.#find = db.prepare('SELECT id FROM assets WHERE cid = ?');
    this.#cid = db.prepare('SELECT cid FROM assets WHERE id = ?');
    this.#last = db.prepare('SELECT max(id) AS id FROM assets');
    this.forget();
  }

  find(cid: Cid): number | undefined {
    return this.#fresh.get(cid) ?? this.#find.get(cid)?.id;
  }

  /** Returns the CID of an asset that has a row. */
  cidOf(id: number): Cid | undefined {
    return this.#cid.get(id)?.cid;
  }

  /** Gives an asset that has none the next number. Its row is the caller's to write, before the entry ends. */
  add(cid: Cid): number {
    const id = this.#next;
    this.#next += 1;
    this.#fresh.set(cid, id);
    return id;
  }

  isFresh(cid: Cid): boolean {
    return this.#fresh.has(cid);
  }

  /** To be called when a fresh asset has got its row. */
  settle(cid: Cid): void {
    this.#fresh.delete(cid);
  }

  /** To be called when a transaction was undone. */
  forget(): void {
    this.#fresh.clear();
    this.#next = (this.#last.get()?.id ?? 0) + 1;
  }
}
