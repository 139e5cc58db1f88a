import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components } from '../../../.cache/web/described.d.ts';
import type { Purpose, Requester } from '../../core/policy/purposes.ts';
import { firstBytes } from './asset-bytes.ts';
import { answered, api } from './client.ts';

export type Verdict = components['schemas']['Verdict'];
export type AlikeAsset = components['schemas']['AlikeAsset'];
export type PastStatement = components['schemas']['PastStatement'];

/** The verdict on an asset, gate by gate, with the statements that each rule looked at. */
export function verdictOn(
  asset: string,
  query: { readonly purpose: Purpose; readonly policy: string; readonly for: Requester },
) {
  return queryOptions({
    queryKey: ['asset', asset, 'verdict', query],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/assets/{asset}/explain', {
          params: { path: { asset }, query },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    meta: { toldBy: ['statements', 'verdict'], about: asset },
  });
}

/** The policies in force. */
export const policies = queryOptions({
  queryKey: ['policies'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/policy.list', { body: {}, signal }))).result,
});

const PAGE = 50;

/** Everything said of an asset, the newest first, a page after the other. */
export function historyOf(asset: string) {
  return infiniteQueryOptions({
    queryKey: ['asset', asset, 'history'],
    queryFn: async ({ pageParam: cursor, signal }) => {
      const body = { asset, limit: PAGE, ...(cursor === '' ? {} : { cursor }) };
      return answered(api.POST('/api/v1/operations/history', { body, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ result }) => result.cursor ?? undefined,
    meta: { toldBy: ['statements'], about: asset },
  });
}

/** Statements about an asset by their ids. */
export function statementsOf(asset: string, only: readonly string[]) {
  return queryOptions({
    queryKey: ['asset', asset, 'statements', only],
    queryFn: async ({ signal }) => {
      const body = { asset, only: [...only], limit: 1000 };
      const { items } = await answered(api.POST('/api/v1/operations/history', { body, signal }));
      return new Map(items.map((one) => [one.id, one]));
    },
    meta: { toldBy: ['statements'], about: asset },
  });
}

/** The beginning of an asset's own bytes: they never change. */
export function beginningOf(asset: string, most: number) {
  return queryOptions({
    queryKey: ['bytes', asset, most],
    queryFn: ({ signal }) => firstBytes(asset, most, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** What makers, and whoever speaks for them, have allowed and withdrawn. */
export function consentsFor(asset: string) {
  return queryOptions({
    queryKey: ['asset', asset, 'consents'],
    queryFn: async ({ signal }) => {
      const asked = api.POST('/api/v1/operations/consent.list', { body: { asset }, signal });
      return (await answered(asked)).items;
    },
    meta: { toldBy: ['statements', 'withdrawal'], about: asset },
  });
}

function askUses(asset: string, signal: AbortSignal) {
  return answered(api.POST('/api/v1/operations/release.impact', { body: { asset }, signal }));
}

export type Use = Awaited<ReturnType<typeof askUses>>['items'][number];

/** Releases, pulls and models that an asset went into. */
export function usesOf(asset: string) {
  return queryOptions({
    queryKey: ['asset', asset, 'uses'],
    queryFn: ({ signal }) => askUses(asset, signal),
    meta: { toldBy: ['statements', 'withdrawal', 'revision'] },
  });
}

/** What the log of this node says of an asset, for whoever checks it elsewhere. */
export async function proofOf(asset: string) {
  return (await answered(api.POST('/api/v1/operations/proof', { body: { asset } }))).result;
}

/** Where an asset came from and went, as PROV-JSON, without names. */
export async function provenanceOf(asset: string) {
  const body = { asset, names: false };
  return (await answered(api.POST('/api/v1/operations/report.provenance', { body }))).result;
}

function askLineage(asset: string, signal: AbortSignal) {
  return answered(api.POST('/api/v1/operations/lineage', { body: { asset }, signal }));
}

export type LineageView = Awaited<ReturnType<typeof askLineage>>['result'];

/** What an asset was made from, and what was made from it. */
export function lineageOf(asset: string) {
  return queryOptions({
    queryKey: ['asset', asset, 'lineage'],
    queryFn: async ({ signal }) => (await askLineage(asset, signal)).result,
    // A relative's taint is another when something is said of its own relatives.
    meta: { toldBy: ['statements'] },
  });
}

/** Assets that look, read or sound alike, the likest first. */
export function alikeTo(asset: string) {
  return queryOptions({
    queryKey: ['asset', asset, 'alike'],
    queryFn: async ({ signal }) =>
      (await answered(api.POST('/api/v1/operations/alike', { body: { asset }, signal }))).items,
    meta: { toldBy: ['statements'] },
  });
}

/** The raw text that findings rest on, as it stands in the file. */
export function sourcesOf(asset: string) {
  return queryOptions({
    queryKey: ['asset', asset, 'sources'],
    queryFn: ({ signal }) =>
      answered(api.POST('/api/v1/operations/evidence.source', { body: { asset }, signal })),
    meta: { toldBy: ['statements'], about: asset },
  });
}
