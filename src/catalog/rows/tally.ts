import type { Database, Statement as Query } from '../../sqlite/database.ts';

/** How many assets have a value of a facet; kept so that counting needs no reading. */
type Facet = 'status' | 'media' | 'licence';

/**
 * Gathers changes of counts in memory and writes them before the transaction ends. A value that no
 * asset has any more leaves no row.
 */
export class Tally {
  readonly #facets = new Map<string, { facet: Facet; value: string; change: number }>();
  readonly #classes = new Map<number, number>();
  readonly #collections = new Map<number, number>();
  readonly #addFacet: Query<never>;
  readonly #dropFacet: Query<never>;
  readonly #addClass: Query<never>;
  readonly #addCollection: Query<never>;

  constructor(db: Database) {
    this.#addFacet = db.prepare(
      `INSERT INTO facets (facet, value, assets) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET assets = assets + excluded.assets`,
    );
    this.#dropFacet = db.prepare('DELETE FROM facets WHERE facet = ? AND value = ? AND assets = 0');
    this.#addClass = db.prepare('UPDATE classes SET assets = assets + ? WHERE id = ?');
    this.#addCollection = db.prepare('UPDATE collections SET assets = assets + ? WHERE id = ?');
  }

  facet(facet: Facet, before: string | null, after: string | null): void {
    if (before === after) return;
    if (before !== null) this.#count(facet, before, -1);
    if (after !== null) this.#count(facet, after, 1);
  }

  class(before: number | null, after: number | null): void {
    if (before === after) return;
    if (before !== null) add(this.#classes, before, -1);
    if (after !== null) add(this.#classes, after, 1);
  }

  collection(id: number): void {
    add(this.#collections, id, 1);
  }

  write(): void {
    for (const { facet, value, change } of this.#facets.values()) {
      if (change === 0) continue;
      this.#addFacet.run(facet, value, change);
      this.#dropFacet.run(facet, value);
    }
    for (const [id, change] of this.#classes) this.#addClass.run(change, id);
    for (const [id, change] of this.#collections) this.#addCollection.run(change, id);
    this.forget();
  }

  /** To be called when the transaction was undone. */
  forget(): void {
    this.#facets.clear();
    this.#classes.clear();
    this.#collections.clear();
  }

  #count(facet: Facet, value: string, change: number): void {
    const key = `${facet} ${value}`;
    const counted = this.#facets.get(key) ?? { facet, value, change: 0 };
    counted.change += change;
    this.#facets.set(key, counted);
  }
}

function add(counts: Map<number, number>, id: number, change: number): void {
  counts.set(id, (counts.get(id) ?? 0) + change);
}
