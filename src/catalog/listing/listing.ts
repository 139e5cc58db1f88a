import { ArchiveError } from '../../core/errors.ts';
import type {
  AssetFilter,
  AssetPage,
  AssetSummary,
  Gathering,
} from '../../core/ports/asset-lists.ts';
import type { Database } from '../../sqlite/database.ts';
import type { Pacer } from '../pacer.ts';
import type { AssetReader, AssetRow } from '../reading/asset-reader.ts';
import { FirstParts, type WorkReader } from '../reading/work-reader.ts';
import { type Condition, kept, rarestOf } from './condition.ts';
import type { Conditions } from './conditions.ts';
import { countAll, nthOf } from './count-all.ts';
import { countWorks, nthWork } from './count-works.ts';
import { readCursor, toCursor } from './page-cursor.ts';
import { type PostingList, union } from './posting-lists.ts';

/** Greatest number of assets on one page. */
const MAX_PAGE = 10_000;

/**
 * Assets that one page looks at, at most. Where few of them fit, the page is short and its cursor
 * goes on, so no filter keeps the event loop for long.
 */
const MAX_LOOKED_AT = 1024;

/** Assets that are looked at together. */
const BATCH = 256;

/** Where a condition holds for more assets than this, counting goes through the table instead. */
const FEW = 16_384;

/** So many assets are looked at on the spot: some milliseconds of work. */
const AT_ONCE = 512;

/** Lists and counts the assets for which every condition of a filter holds. */
export class Listing {
  readonly #db: Database;
  readonly #assets: AssetReader;
  readonly #works: WorkReader;
  readonly #conditions: Conditions;

  constructor(db: Database, assets: AssetReader, works: WorkReader, conditions: Conditions) {
    this.#db = db;
    this.#assets = assets;
    this.#works = works;
    this.#conditions = conditions;
  }

  /** @throws {ArchiveError} `usage_invalid`, `policy_unknown`. */
  list(
    filter: AssetFilter,
    { limit, cursor, by }: { readonly limit: number; readonly cursor?: string } & Gathering,
  ): AssetPage {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
      throw new ArchiveError('usage_invalid', `a page has 1 to ${MAX_PAGE} assets, not ${limit}`);
    }
    const assets: AssetSummary[] = [];
    const start = cursor === undefined ? 0 : readCursor(filter, cursor, by);
    let last = start;
    let lookedAt = 0;
    const conditions = this.#conditions.of(filter);
    const firsts = new FirstParts(this.#works, this.#assets, conditions, start);
    for (const { ids, rows } of this.#lookThrough(conditions, start, limit + 1)) {
      for (const row of by === 'work' ? firsts.keep(rows) : rows) {
        if (assets.length === limit) return { assets, cursor: toCursor(filter, last, by) };
        assets.push(this.#assets.summary(row));
        last = row.id;
      }
      last = ids.at(-1) ?? last;
      lookedAt += ids.length;
      if (lookedAt >= MAX_LOOKED_AT) return { assets, cursor: toCursor(filter, last, by) };
    }
    return { assets, cursor: undefined };
  }

  /**
   * Returns how many assets match where that is known, or found out by looking at a few; else undefined.
   *
   * @throws {ArchiveError} as {@link Listing.list}.
   */
  countAtOnce(filter: AssetFilter, { by }: Gathering): number | undefined {
    if (by === 'work' && this.#works.areAny()) return undefined;
    const conditions = this.#conditionsOf(filter);
    const rarest = rarestOf(conditions)?.size();
    if (rarest?.isExact !== true) return undefined;
    if (conditions.length === 1) return rarest.assets;
    if (rarest.assets > AT_ONCE) return undefined;
    let count = 0;
    for (const { rows } of this.#lookThrough(conditions, 0, BATCH)) count += rows.length;
    return count;
  }

  /** @throws {ArchiveError} as {@link Listing.list}, and `aborted`. */
  async count(filter: AssetFilter, gathering: Gathering, pacer: Pacer): Promise<number> {
    const known = this.countAtOnce(filter, gathering);
    if (known !== undefined) return known;
    const conditions = this.#conditionsOf(filter);
    if (gathering.by === 'work' && this.#works.areAny()) {
      const terms = conditions.map(({ term }) => term);
      return countWorks(this.#db, terms, pacer);
    }
    const rarest = rarestOf(conditions)?.size();
    if (rarest?.isExact !== true || rarest.assets > FEW) {
      const terms = conditions.map(({ term }) => term);
      return countAll(this.#db, terms, pacer);
    }
    let count = 0;
    for (const { rows } of this.#lookThrough(conditions, 0, BATCH)) {
      count += rows.length;
      await pacer.turn();
    }
    return count;
  }

  /**
   * Returns the cursor after so many assets that match.
   *
   * @throws {ArchiveError} as {@link Listing.count}.
   */
  async cursorAfter(
    filter: AssetFilter,
    skip: number,
    { by }: Gathering,
    pacer: Pacer,
  ): Promise<string | undefined> {
    if (skip === 0) return undefined;
    const terms = this.#conditions.of(filter).map(({ term }) => term);
    const nth = by === 'work' && this.#works.areAny() ? nthWork : nthOf;
    return toCursor(filter, await nth(skip, this.#db, terms, pacer), by);
  }

  #conditionsOf(filter: AssetFilter): readonly Condition[] {
    const given = this.#conditions.of(filter);
    return given.length === 0 ? [this.#conditions.listed()] : given;
  }

  /** Yields the assets that may fit in batches, by number, with the rows of those that do. */
  *#lookThrough(
    conditions: readonly Condition[],
    after: number,
    batch: number,
  ): Generator<{ readonly ids: readonly number[]; readonly rows: readonly AssetRow[] }> {
    const rarest = rarestOf(conditions.filter((condition) => condition.lists !== undefined));
    const others = conditions.filter((condition) => condition !== rarest);
    let ids: number[] = [];
    for (const id of union(rarest?.lists ?? [this.#everybody], after)) {
      ids.push(id);
      if (ids.length < Math.min(batch, BATCH)) continue;
      yield { ids, rows: kept(this.#assets.rows(ids), others) };
      ids = [];
    }
    yield { ids, rows: kept(this.#assets.rows(ids), others) };
  }

  readonly #everybody: PostingList = (after, limit) => this.#assets.idsAfter(after, limit);
}
