import type { Cid } from '../core/cid.ts';
import { takeTurns } from '../core/take-turns.ts';

/** What matches and is not for the caller is passed over: so many are looked at for one answer, at some 50 µs each. */
const MOST_LOOKED = 4_096;

const PAGE = 256;

interface Asked {
  /** Readable assets wanted. */
  readonly limit: number;
  /** Readable assets left out first. */
  readonly skip: number;
  readonly cursor: string | undefined;
}

interface Page<Asset> {
  readonly found: readonly Asset[];
  readonly cursor: string | null;
}

/**
 * Lists what a caller may read as if nothing else were here: neither `skip` nor `next` goes by what is hidden, for else
 * whoever asks for a name would learn whether works of it are. Where 4,096 hidden ones match, an answer may end
 * before its limit, and `next` says that there may be more.
 */
export async function listReadable<Asset extends { readonly cid: Cid }>(
  { limit, skip, cursor }: Asked,
  list: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page<Asset>>,
  readable: (asset: Asset) => readonly Asset[],
): Promise<{ readonly assets: readonly Asset[]; readonly next: string | null }> {
  const assets: Asset[] = [];
  const turn = takeTurns();
  let left = skip;
  let from = cursor;
  for (let looked = 0; looked < MOST_LOOKED; ) {
    const start = from === undefined ? {} : { cursor: from };
    const { found, cursor: after } = await list({ limit: PAGE, ...start });
    let taken = 0;
    for (const [at, one] of found.entries()) {
      await turn();
      for (const shown of readable(one)) {
        if (assets.length === limit) {
          // There is one more, so the next page begins behind the last one that is shown.
          const end = taken === 0 ? from : (await list({ limit: taken, ...start })).cursor;
          return { assets, next: end ?? null };
        }
        if (left > 0) left -= 1;
        else assets.push(shown);
        taken = at + 1;
      }
    }
    if (after === null) return { assets, next: null };
    looked += found.length;
    from = after;
  }
  return { assets, next: from ?? null };
}
