import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components } from '../../../.cache/web/described.d.ts';
import { answered, api, type Problem, Refusal } from '../api/client.ts';
import { signedFetch } from '../api/identity.ts';
import { askedBy, type Selection } from './selection.ts';

export type Manifest = components['schemas']['ReleaseManifest'];
export type Member = Awaited<ReturnType<typeof membersPage>>['items'][number];

/** The releases that the ledger records, the newest first. */
export const releaseList = queryOptions({
  queryKey: ['releases'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/release.list', { body: {}, signal }))).result,
  meta: { toldBy: ['statements'] },
});

/** What a release says of itself; it never changes. */
export function manifestOf(release: string) {
  return queryOptions({
    queryKey: ['release', release],
    queryFn: async ({ signal }) => {
      const asked = api.POST('/api/v1/operations/release.show', { body: { release }, signal });
      return (await answered(asked)).result;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What a selection would give if it were cut now. */
export function planOf(selection: Selection) {
  return queryOptions({
    queryKey: ['plan', selection],
    queryFn: async ({ signal }) => {
      const asked = api.POST('/api/v1/operations/release.plan', {
        body: askedBy(selection),
        signal,
      });
      return (await answered(asked)).result;
    },
    meta: { toldBy: ['verdict', 'statements', 'recheck'] },
  });
}

/** Who has pulled a release, by the receipts that nodes gave. */
export function holdersOf(release: string) {
  return queryOptions({
    queryKey: ['holders', release],
    queryFn: async ({ signal }) => {
      const asked = api.POST('/api/v1/operations/release.holders', { body: { release }, signal });
      return (await answered(asked)).items;
    },
    meta: { toldBy: ['statements'] },
  });
}

/** What went into a release, a page after the other: what these words find, and of it what is left out or all. */
export function membersOf(
  release: string,
  asked: { readonly text: string; readonly left: boolean },
) {
  return infiniteQueryOptions({
    queryKey: ['members', release, asked],
    queryFn: ({ signal, pageParam: from }) => membersPage({ release, from, ...asked }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ result }) => result.next,
    placeholderData: keepPreviousData,
    meta: { toldBy: ['revision'] },
  });
}

function membersPage(
  body: { readonly release: string; readonly from: number; text: string; left: boolean },
  signal: AbortSignal,
) {
  return answered(api.POST('/api/v1/operations/release.members', { body, signal }));
}

/** One list of what was withdrawn from a release, or reinstated. */
export interface WithdrawalList {
  readonly revision: number;
  readonly issued: string;
  readonly entries: readonly {
    readonly asset: string;
    readonly state: 'withdrawn' | 'removed' | 'reinstated';
    readonly reason: string;
  }[];
}

interface Live {
  readonly revision: number;
  readonly withdrawn: number;
  readonly lists: readonly string[];
}

/** How a release is served now, and every list since it was cut, the newest first. */
export function standingOf({ name, version }: Pick<Manifest, 'name' | 'version'>) {
  return queryOptions({
    queryKey: ['live', name, version],
    queryFn: async ({ signal }) => {
      const base = `/d/${name}/${version}/`;
      const { revision, withdrawn, lists }: Live = await fileAt(`${base}live.json`, signal).then(
        (file) => file.json(),
      );
      const told = await Promise.all(
        lists.map(async (path): Promise<WithdrawalList> => {
          return (await fileAt(base + path, signal)).json();
        }),
      );
      return { revision, withdrawn, lists: told.toReversed() };
    },
    meta: { toldBy: ['revision'] },
  });
}

/** A program of the card of a release, with what it is called there. */
export interface Snippet {
  readonly title: string;
  readonly code: string;
}

/** The programs that load a release, as its card has them. */
export function snippetsOf({ name, version }: Pick<Manifest, 'name' | 'version'>) {
  return queryOptions({
    queryKey: ['card', name, version],
    queryFn: async ({ signal }) => {
      const card = await (await fileAt(`/d/${name}/${version}/README.md`, signal)).text();
      const found = card.matchAll(/([^\n]*)\n+```python\n(.*?)\n```/gs);
      return [...found].map(
        ([, title = '', code = '']): Snippet => ({ title: plain(title), code }),
      );
    },
    meta: { toldBy: ['revision'] },
  });
}

/** Returns a line of Markdown without its marks. */
function plain(line: string): string {
  return line.replaceAll(/^#+\s*|[`*]/g, '').replace(/:$/, '');
}

async function fileAt(path: string, signal: AbortSignal): Promise<Response> {
  const response = await signedFetch(new Request(path, { signal }));
  if (response.ok) return response;
  throw new Refusal(response.status, (await response.json().catch(() => ({}))) as Problem);
}
