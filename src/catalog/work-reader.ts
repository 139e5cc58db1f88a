import type { WorkOfAsset } from '../core/ports/catalog.ts';
import type { Database, Statement as Query } from '../sqlite/database.ts';
import type { AssetReader, AssetRow } from './asset-reader.ts';
import { type Condition, kept } from './condition.ts';

/** Parts that are looked at together. */
const BATCH = 256;

/** Says which assets are parts of which work. */
export class WorkReader {
  readonly #ofAsset: Query<WorkOfAsset>;
  readonly #ofAssets: Query<{ asset: number; work: number }>;
  readonly #parts: Query<{ id: number }>;
  readonly #any: Query<{ id: number }>;

  constructor(db: Database) {
    this.#ofAsset = db.prepare(
      `SELECT salted AS id, part,
         (SELECT count(*) FROM parts AS others WHERE others.work = parts.work) AS parts
       FROM parts JOIN works ON works.id = work WHERE asset = ?`,
    );
    this.#ofAssets = db.prepare(
      `SELECT asset, work FROM json_each(?) AS asked CROSS JOIN parts ON asset = asked.value`,
    );
    this.#parts = db.prepare(
      'SELECT asset AS id FROM parts WHERE work = ? AND asset > ? ORDER BY asset LIMIT ?',
    );
    this.#any = db.prepare('SELECT id FROM works LIMIT 1');
  }

  /** Says whether anything here is a part of a work. */
  areAny(): boolean {
    return this.#any.get() !== undefined;
  }

  /** Returns the work that an asset is a part of, null for one that stands alone. */
  of(asset: number): WorkOfAsset | null {
    const found = this.#ofAsset.get(asset);
    return found === undefined ? null : { ...found };
  }

  /** Returns the numbers of the works of those of the assets that are parts of one. */
  ofAll(assets: readonly number[]): ReadonlyMap<number, number> {
    const rows = this.#ofAssets.all(JSON.stringify(assets));
    return new Map(rows.map(({ asset, work }) => [asset, work]));
  }

  /** Returns up to `limit` parts of a work after this asset, by number. */
  after(work: number, after: number, limit: number): readonly number[] {
    return this.#parts.all(work, after, limit).map(({ id }) => id);
  }
}

/**
 * Leaves one asset of each work: the first to arrive of those parts for which all conditions hold. What it has
 * found out of a work is remembered, so that a work is looked into once, up to that part.
 */
export class FirstParts {
  readonly #works: WorkReader;
  readonly #assets: AssetReader;
  readonly #conditions: readonly Condition[];
  readonly #first = new Map<number, number | undefined>();

  constructor(works: WorkReader, assets: AssetReader, conditions: readonly Condition[]) {
    this.#works = works;
    this.#assets = assets;
    this.#conditions = conditions;
  }

  /** Returns those of some assets for which the conditions hold that stand for their work, or alone. */
  keep(rows: readonly AssetRow[]): readonly AssetRow[] {
    const works = this.#works.ofAll(rows.map(({ id }) => id));
    return rows.filter(({ id }) => {
      const work = works.get(id);
      return work === undefined || this.#firstOf(work) === id;
    });
  }

  #firstOf(work: number): number | undefined {
    if (!this.#first.has(work)) this.#first.set(work, this.#find(work));
    return this.#first.get(work);
  }

  #find(work: number): number | undefined {
    for (let after = 0; ; ) {
      const ids = this.#works.after(work, after, BATCH);
      const [first] = kept(this.#assets.rows(ids), this.#conditions);
      const last = ids.at(-1);
      if (first !== undefined || last === undefined) return first?.id;
      after = last;
    }
  }
}
