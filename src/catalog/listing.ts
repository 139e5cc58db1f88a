import { ArchiveError } from '../core/errors.ts';
import type {
  AssetFilter,
  AssetPage,
  AssetSummary,
  ReleaseCandidate,
} from '../core/ports/catalog.ts';
import type { Database, Statement as Query } from '../sqlite/database.ts';
import type { AssetReader, AssetRow } from './asset-reader.ts';
import { type Condition, rarestOf } from './condition.ts';
import type { Conditions } from './conditions.ts';
import { countAll } from './count-all.ts';
import { CatalogDamagedError, required } from './damage.ts';
import type { Pacer } from './pacer.ts';
import { readCursor, toCursor } from './page-cursor.ts';
import { type PostingList, union } from './posting-lists.ts';
import type { Asked, Verdicts } from './verdicts.ts';

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

/** CIDs that are read at once on the way through a release. */
const CID_PAGE = 1024;

/** Lists, counts and streams the assets for which every condition of a filter holds. */
export class Listing {
  readonly #db: Database;
  readonly #assets: AssetReader;
  readonly #conditions: Conditions;
  readonly #verdicts: Verdicts;
  readonly #byCid: Query<{ id: number; cid: string; class: number }>;

  constructor(db: Database, assets: AssetReader, conditions: Conditions, verdicts: Verdicts) {
    this.#db = db;
    this.#assets = assets;
    this.#conditions = conditions;
    this.#verdicts = verdicts;
    this.#byCid = db.prepare(
      `SELECT id, cid, class FROM assets WHERE cid > ? AND class IS NOT NULL
       ORDER BY cid LIMIT ${CID_PAGE}`,
    );
  }

  /** @throws {ArchiveError} `usage_invalid`, `policy_unknown`. */
  list(
    filter: AssetFilter,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  ): AssetPage {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
      throw new ArchiveError('usage_invalid', `a page has 1 to ${MAX_PAGE} assets, not ${limit}`);
    }
    const assets: AssetSummary[] = [];
    let last = cursor === undefined ? 0 : readCursor(filter, cursor);
    let lookedAt = 0;
    for (const { ids, rows } of this.#lookThrough(this.#conditions.of(filter), last, limit + 1)) {
      for (const row of rows) {
        if (assets.length === limit) return { assets, cursor: toCursor(filter, last) };
        assets.push(this.#assets.summary(row));
        last = row.id;
      }
      last = ids.at(-1) ?? last;
      lookedAt += ids.length;
      if (lookedAt >= MAX_LOOKED_AT) return { assets, cursor: toCursor(filter, last) };
    }
    return { assets, cursor: undefined };
  }

  /** @throws {ArchiveError} as {@link Listing.list}, and `aborted`. */
  async count(filter: AssetFilter, pacer: Pacer): Promise<number> {
    const given = this.#conditions.of(filter);
    const conditions = given.length === 0 ? [this.#conditions.listed()] : given;
    const rarest = rarestOf(conditions)?.size();
    if (rarest?.isExact === true && conditions.length === 1) return rarest.assets;
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

  /** The tables must not change meanwhile. @throws {ArchiveError} as {@link Listing.list}. */
  *candidates(filter: Omit<AssetFilter, 'verdict'>, asked: Asked): Generator<ReleaseCandidate> {
    const conditions = this.#conditions.of(filter);
    const answers = this.#verdicts.answer(asked);
    for (let last = ''; ; ) {
      const page = this.#byCid.all(last);
      const eligible = page
        .filter((found) => answers.get(found.class)?.verdict === 'eligible')
        .map((found) => this.#rowOf(found));
      for (const row of kept(eligible, conditions)) {
        const { level, selfVetted, until } = required(answers.get(row.class ?? 0), 'a verdict');
        yield {
          cid: row.cid,
          size: row.size,
          sha256: row.sha256,
          mediaType: row.media,
          licence: row.licence ?? '',
          ...this.#assets.origin(row),
          level,
          selfVetted,
          validUntil: until,
        };
      }
      const end = page.at(-1);
      if (end === undefined) return;
      last = end.cid;
    }
  }

  #rowOf(found: { readonly id: number; readonly cid: string; readonly class: number }): AssetRow {
    const row = this.#assets.row(found.id);
    if (row?.class === found.class) return row;
    throw new CatalogDamagedError(`an index contradicts the row of ${found.cid}`);
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

function kept(rows: readonly AssetRow[], conditions: readonly Condition[]): readonly AssetRow[] {
  return conditions.reduce((some, condition) => condition.keep(some), rows);
}
