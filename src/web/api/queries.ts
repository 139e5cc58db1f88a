import { queryOptions } from '@tanstack/react-query';
import type { components } from '../../../.cache/web/described.d.ts';
import { answered, api } from './client.ts';

export type Asset = components['schemas']['Asset'];
export type AssetSummary = components['schemas']['AssetSummary'];

/** What verdicts are asked for where nobody says otherwise. */
export const USUAL = {
  purpose: 'ai_generative_training',
  policy: 'corroborated',
  requester: 'anyone',
} as const;

/** What the archive is called and how much it holds, for whoever may see everything. */
export const archiveState = queryOptions({
  queryKey: ['status'],
  queryFn: async ({ signal }) => {
    const asked = api.POST('/api/v1/operations/status', { body: USUAL, signal });
    return (await answered(asked)).result;
  },
  meta: { toldBy: ['statements', 'recheck'] },
});

export function assetNamed(asset: string) {
  return queryOptions({
    queryKey: ['asset', asset],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/v1/assets/{asset}', { params: { path: { asset } }, signal })),
    meta: { toldBy: ['statements'], about: asset },
  });
}

/** The beginning of a text. */
export function excerptOf(asset: string) {
  return queryOptions({
    queryKey: ['excerpt', asset],
    queryFn: async ({ signal }): Promise<string> => {
      const asked = { params: { path: { asset } }, parseAs: 'text', signal } as const;
      return answered(api.GET('/api/v1/assets/{asset}/preview', asked));
    },
    ...KEPT_FOR_A_WHILE,
  });
}

/** What bytes show does not change, and there are many of them. */
const KEPT_FOR_A_WHILE = {
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 60_000,
  retry: false,
} as const;
