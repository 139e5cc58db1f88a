import type { Cid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { takeTurns } from '../core/take-turns.ts';

/** So many that are hidden are looked at for one answer. */
const MOST_HIDDEN = 4_096;

/** So many may be left out first, which takes as long as looking at them. */
const MOST_SKIPPED = 16_384;

const PAGE = 256;

/** Behind the first page mostly whether there is one more is the question; each look goes further than the one before. */
const NEXT_PAGE = 8;

interface Asked {
  /** Readable assets wanted. */
  readonly limit: number;
  /** Readable assets left out first. */
  readonly skip: number;
  readonly cursor: string | undefined;
}

interface Reading<Asset> {
  /** Says whether the caller may read one. */
  readonly mayRead: (asset: Asset) => boolean;
  /** Returns one that may be read as the caller sees it; undefined if it is gone meanwhile. */
  readonly show: (asset: Asset) => Asset | undefined;
}

interface Page<Asset> {
  readonly found: readonly Asset[];
  readonly cursor: string | null;
}

/**
 * Lists what a caller may read as if nothing else were here: neither `skip` nor `next` goes by what is hidden, for else
 * whoever asks for a name would learn whether works of it are. Where 4,096 hidden ones match, an answer may end
 * before its limit, and `next` says that there may be more.
 *
 * @throws {ArchiveError} `usage_invalid` if more than 16,384 are to be left out.
 */
export async function listReadable<Asset extends { readonly cid: Cid }>(
  { limit, skip, cursor }: Asked,
  list: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page<Asset>>,
  { mayRead, show }: Reading<Asset>,
): Promise<{ readonly assets: readonly Asset[]; readonly next: string | null }> {
  if (skip > MOST_SKIPPED) {
    throw new ArchiveError(
      'usage_invalid',
      `skip leaves out at most ${MOST_SKIPPED} for who may not see everything; go on by "next"`,
    );
  }
  const assets: Asset[] = [];
  const turn = takeTurns();
  let left = skip;
  let from = cursor;
  let size = Math.min(skip + limit, PAGE);
  for (let hidden = 0, isFirst = true; hidden < MOST_HIDDEN; isFirst = false) {
    const start = from === undefined ? {} : { cursor: from };
    const { found, cursor: after } = await list({ limit: size, ...start });
    let taken = 0;
    for (const [at, one] of found.entries()) {
      await turn();
      if (!mayRead(one)) {
        hidden += 1;
        continue;
      }
      if (assets.length === limit) {
        // There is one more, so the next page begins behind the last one that is shown.
        const end = taken === 0 ? from : (await list({ limit: taken, ...start })).cursor;
        return { assets, next: end ?? null };
      }
      taken = at + 1;
      if (left > 0) {
        left -= 1;
        continue;
      }
      const shown = show(one);
      if (shown !== undefined) assets.push(shown);
    }
    if (after === null) return { assets, next: null };
    size = isFirst ? NEXT_PAGE : Math.min(NEXT_PAGE * size, PAGE);
    from = after;
  }
  return { assets, next: from ?? null };
}
