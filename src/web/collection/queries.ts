import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../api/client.ts';
import { type AssetSummary, USUAL } from '../api/queries.ts';
import { isByWork, type Narrowing } from './narrowing.ts';

/** Works that are asked for together. */
export const PAGE = 60;

interface FoundPage {
  readonly narrowing: Narrowing;
  readonly assets: readonly AssetSummary[];
  readonly isLast: boolean;
}

/** One page of what matches. The word that is being typed stands for its endings too. */
export function pageOf(narrowing: Narrowing, page: number) {
  const query = { ...askedFor(narrowing), limit: PAGE, skip: page * PAGE };
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

/** What the keys of counts begin with. */
export const COUNTS = ['assets', 'counts'];

/** How many works match, where each stands once; for whoever may see everything. */
export function worksIn(narrowing: Narrowing) {
  const query = { ...askedFor(narrowing), limit: 1, total: 'true' } as const;
  return queryOptions({
    queryKey: [...COUNTS, 'works', narrowing],
    queryFn: async ({ signal }) => {
      const found = await answered(api.GET('/api/v1/assets', { params: { query }, signal }));
      return { narrowing, works: found.total };
    },
    gcTime: 60_000,
    meta: { toldBy: isDecided(narrowing) ? ['statements', 'verdict'] : ['statements'] },
  });
}

/** The collections of this home, and who may read each. */
export const ownCollections = queryOptions({
  queryKey: ['collections'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/collection.list', { body: {}, signal }))).result,
  meta: { toldBy: ['statements'] },
});

/** The CIDs of what matches, each part for itself, up to `most`; says whether there are more. */
export async function cidsOf(
  narrowing: Narrowing,
  most: number,
  signal: AbortSignal,
): Promise<{ readonly cids: readonly string[]; readonly isAll: boolean }> {
  const cids: string[] = [];
  const asked = { ...askedFor({ ...narrowing, parts: 'each' }), limit: 1000 };
  for (let cursor: string | undefined; ; ) {
    const query = { ...asked, ...(cursor === undefined ? {} : { cursor }) };
    const page = await answered(api.GET('/api/v1/assets', { params: { query }, signal }));
    cids.push(...page.assets.map(({ cid }) => cid));
    if (cids.length > most) return { cids: cids.slice(0, most), isAll: false };
    if (page.next === null) return { cids, isAll: true };
    cursor = page.next;
  }
}

/** How what matches divides up, for whoever may see everything. */
export function facetsOf(narrowing: Narrowing) {
  const { q, level, gate, eligible, parts: _parts, ...rest } = narrowing;
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
    // How it is laid out changes no count.
    queryKey: [...COUNTS, 'facets', { ...narrowing, parts: null }],
    queryFn: async ({ signal }) => {
      const asked = api.POST('/api/v1/operations/facets', { body, signal });
      return { narrowing, ...(await answered(asked)).result };
    },
    gcTime: 60_000,
    meta: { toldBy: ['statements', 'verdict'] },
  });
}

function askedFor(narrowing: Narrowing) {
  const { q, parts: _parts, ...rest } = narrowing;
  return { ...rest, ...wordsOf(q), ...(isByWork(narrowing) ? { by: 'work' as const } : {}) };
}

function wordsOf(q = ''): { readonly q?: string } {
  const words = q.trim().replace(/(\p{L}|\p{N})$/u, '$1*');
  return words === '' ? {} : { q: words };
}

function isDecided({ level, gate, eligible }: Narrowing): boolean {
  return [level, gate, eligible].some((one) => one !== undefined);
}
