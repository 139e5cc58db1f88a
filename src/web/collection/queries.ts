import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../api/client.ts';
import { type AssetSummary, USUAL } from '../api/queries.ts';
import type { Narrowing } from './narrowing.ts';

/** Works that are asked for together. */
export const PAGE = 60;

interface FoundPage {
  readonly narrowing: Narrowing;
  readonly assets: readonly AssetSummary[];
  readonly isLast: boolean;
}

/** One page of what matches. The word that is being typed stands for its endings too. */
export function pageOf(narrowing: Narrowing, page: number) {
  const { q, ...rest } = narrowing;
  const query = { ...rest, ...wordsOf(q), limit: PAGE, skip: page * PAGE };
  return queryOptions({
    queryKey: ['assets', 'page', narrowing, page],
    queryFn: async ({ signal }): Promise<FoundPage> => {
      const found = await answered(api.GET('/api/v1/assets', { params: { query }, signal }));
      return { narrowing, assets: found.assets, isLast: found.next === null };
    },
    // A hundred thousand works are looked through without all of them being kept.
    gcTime: 20_000,
    meta: { toldBy: isDecided(narrowing) ? ['statements', 'verdict'] : ['statements'] },
  });
}

/** How what matches divides up, for whoever may see everything. */
export function facetsOf(narrowing: Narrowing) {
  const { q, level, gate, eligible, ...rest } = narrowing;
  const words = wordsOf(q).q;
  const body = {
    filter: { ...rest, ...(words === undefined ? {} : { text: words }) },
    standing: {
      ...USUAL,
      ...(eligible === undefined ? {} : { purpose: eligible, is: 'eligible' as const }),
      ...(level === undefined ? {} : { level }),
      ...(gate === undefined ? {} : { gate }),
    },
  };
  return queryOptions({
    queryKey: ['assets', 'facets', narrowing],
    queryFn: async ({ signal }) => {
      const asked = api.POST('/api/v1/operations/facets', { body, signal });
      return { narrowing, ...(await answered(asked)).result };
    },
    gcTime: 60_000,
    meta: { toldBy: ['statements', 'verdict'] },
  });
}

function wordsOf(q = ''): { readonly q?: string } {
  const words = q.trim().replace(/(\p{L}|\p{N})$/u, '$1*');
  return words === '' ? {} : { q: words };
}

function isDecided({ level, gate, eligible }: Narrowing): boolean {
  return [level, gate, eligible].some((one) => one !== undefined);
}
