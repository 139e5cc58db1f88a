import { ArchiveError } from '../core/errors.ts';
import type { AssetFilter, AssetPage, ReleaseCandidate } from '../core/ports/catalog.ts';
import type { Database, Statement as Query } from '../sqlite/database.ts';
import type { AssetReader, AssetRow } from './asset-reader.ts';
import type { Condition, Conditions } from './conditions.ts';
import { CatalogDamagedError } from './damage.ts';
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
const MAX_LOOKED_AT = 4096;

/** CIDs that are read at once on the way through a release. */
const CID_PAGE = 1024;

/** Lists, counts and streams the assets for which every condition of a filter holds. */
export class Listing {
  readonly #assets: AssetReader;
  readonly #conditions: Conditions;
  readonly #verdicts: Verdicts;
  readonly #byCid: Query<{ id: number; cid: string; class: number }>;

  constructor(db: Database, assets: AssetReader, conditions: Conditions, verdicts: Verdicts) {
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
    let last = cursor === undefined ? 0 : readCursor(filter, cursor);
    const rows: AssetRow[] = [];
    let lookedAt = 0;
    for (const { id, row } of this.#lookThrough(this.#conditions.of(filter), last)) {
      if (lookedAt === MAX_LOOKED_AT || (row !== undefined && rows.length === limit)) {
        return {
          assets: rows.map((found) => this.#assets.summary(found)),
          cursor: toCursor(filter, last),
        };
      }
      if (row !== undefined) rows.push(row);
      last = id;
      lookedAt += 1;
    }
    return { assets: rows.map((found) => this.#assets.summary(found)), cursor: undefined };
  }

  /** @throws {ArchiveError} as {@link Listing.list}, and `aborted`. */
  async count(filter: AssetFilter, pacer: Pacer): Promise<number> {
    const conditions = this.#conditions.of(filter);
    const [only, ...others] = conditions.length === 0 ? [this.#conditions.listed()] : conditions;
    const size = only !== undefined && others.length === 0 ? only.size() : undefined;
    if (size?.isExact === true) return size.assets;
    let count = 0;
    for (const { row } of this.#lookThrough(conditions, 0)) {
      if (row !== undefined) count += 1;
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
    }
    return count;
  }

  /** @throws {ArchiveError} as {@link Listing.list}. */
  *candidates(filter: Omit<AssetFilter, 'verdict'>, asked: Asked): Generator<ReleaseCandidate> {
    const conditions = this.#conditions.of(filter);
    for (let last = ''; ; ) {
      const answers = this.#verdicts.answer(asked);
      const page = this.#byCid.all(last);
      for (const found of page) {
        last = found.cid;
        const answer = answers.get(found.class);
        if (answer?.verdict !== 'eligible') continue;
        const row = this.#assets.row(found.id);
        if (row?.class !== found.class) {
          throw new CatalogDamagedError(`an index contradicts the row of ${found.cid}`);
        }
        if (!conditions.every((one) => one.holdsFor(row))) continue;
        yield {
          cid: row.cid,
          size: row.size,
          sha256: row.sha256,
          mediaType: row.media,
          licence: row.licence ?? '',
          ...this.#assets.origin(row),
          level: answer.level,
          selfVetted: answer.selfVetted,
          validUntil: answer.until,
        };
      }
      if (page.length < CID_PAGE) return;
    }
  }

  /** Yields the assets that may fit, by number, with the rows of those that do. */
  *#lookThrough(
    conditions: readonly Condition[],
    after: number,
  ): Generator<{ readonly id: number; readonly row: AssetRow | undefined }> {
    const rarest = rarestOf(conditions.filter((condition) => condition.lists !== undefined));
    const ids = union(rarest?.lists ?? [this.#everybody], after);
    for (const id of ids) {
      const row = this.#assets.row(id);
      // Of the one that led here as well: an index on disk can be damaged where its row is not.
      const isFitting = row !== undefined && conditions.every((one) => one.holdsFor(row));
      yield { id, row: isFitting ? row : undefined };
    }
  }

  readonly #everybody: PostingList = (after, limit) => this.#assets.idsAfter(after, limit);
}

function rarestOf(conditions: readonly Condition[]): Condition | undefined {
  const [first, ...others] = conditions;
  if (first === undefined || others.length === 0) return first;
  const sized = conditions.map((condition) => ({ condition, assets: condition.size().assets }));
  return sized.reduce((least, one) => (one.assets < least.assets ? one : least)).condition;
}
