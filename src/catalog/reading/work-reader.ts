import type { WorkOfAsset } from '../../core/ports/asset-views.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { type Condition, kept } from '../listing/condition.ts';
import type { AssetReader, AssetRow } from './asset-reader.ts';

/** Parts of a work that are looked at first: mostly the answer is among them. */
const FIRST_BATCH = 8;

/** Parts that are looked at together, at most. */
const BATCH = 256;

/** Says which assets are parts of which work. */
export class WorkReader {
  readonly #ofAsset: Query<WorkOfAsset>;
  readonly #ofAssets: Query<{ asset: number; work: number }>;
  readonly #parts: Query<{ id: number }>;
  readonly #any: Query<{ id: number }>;

  constructor(db: Database) {
    this.#ofAsset = db.prepare(
      `SELECT key AS id, part, works.parts AS parts
       FROM parts JOIN works ON works.id = work WHERE asset = ?`,
    );
    this.#ofAssets = db.prepare(
      `SELECT asset, work FROM json_each(?) AS asked CROSS JOIN parts ON asset = asked.value`,
    );
    this.#parts = db.prepare(
      `SELECT asset AS id FROM parts WHERE work = ? AND asset > ? AND asset <= ?
       ORDER BY asset LIMIT ?`,
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

  /** Returns up to `limit` parts of a work after one asset and up to another, by number. */
  between(work: number, after: number, last: number, limit: number): readonly number[] {
    return this.#parts.all(work, after, last, limit).map(({ id }) => id);
  }
}

/**
 * Leaves one asset of each work: the first to arrive of those parts for which all conditions hold. It is given
 * all of these that come after `start`, by number, so only parts up to there have to be looked for.
 */
export class FirstParts {
  readonly #works: WorkReader;
  readonly #assets: AssetReader;
  readonly #conditions: readonly Condition[];
  readonly #start: number;
  readonly #seen = new Set<number>();

  constructor(
    works: WorkReader,
    assets: AssetReader,
    conditions: readonly Condition[],
    start: number,
  ) {
    this.#works = works;
    this.#assets = assets;
    this.#conditions = conditions;
    this.#start = start;
  }

  /** Returns those of the next assets for which the conditions hold that stand for their work, or alone. */
  keep(rows: readonly AssetRow[]): readonly AssetRow[] {
    const works = this.#works.ofAll(rows.map(({ id }) => id));
    return rows.filter(({ id }) => {
      const work = works.get(id);
      if (work === undefined) return true;
      if (this.#seen.has(work)) return false;
      this.#seen.add(work);
      return !this.#isBefore(work);
    });
  }

  /** Says whether a part stood for the work on a page before. */
  #isBefore(work: number): boolean {
    let after = 0;
    for (let batch = FIRST_BATCH; after < this.#start; batch = Math.min(4 * batch, BATCH)) {
      const ids = this.#works.between(work, after, this.#start, batch);
      if (kept(this.#assets.rows(ids), this.#conditions).length > 0) return true;
      if (ids.length < batch) return false;
      after = ids.at(-1) ?? this.#start;
    }
    return false;
  }
}
