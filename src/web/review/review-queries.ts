import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components } from '../../../.cache/web/described.d.ts';
import { answered, api } from '../api/client.ts';

export type Waiting = components['schemas']['Waiting'];
export type Attestation = components['schemas']['Attestation'];

const PAGE = 50;

/** Draws that are fetched at a time; the next are asked for when these are judged. */
const DRAWS = 20;

/** What waits for a reviewer, a page after the other. */
export const queue = infiniteQueryOptions({
  queryKey: ['review', 'queue'],
  queryFn: async ({ pageParam: cursor, signal }) => {
    const body = { limit: PAGE, cursor };
    return (await answered(api.POST('/api/v1/operations/review.queue', { body, signal }))).result;
  },
  initialPageParam: 0,
  getNextPageParam: ({ cursor }) => cursor ?? undefined,
  meta: { toldBy: ['statements'] },
});

/** How often organisations come to the same. */
export const agreement = queryOptions({
  queryKey: ['review', 'agreement'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/review.agreement', { body: {}, signal }))).result,
  meta: { toldBy: ['statements'] },
});

export const attestations = queryOptions({
  queryKey: ['review', 'attestations'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/attest.list', { body: {}, signal }))).result,
  meta: { toldBy: ['statements'] },
});

/** The draws of a sample that nobody has judged yet. */
export function drawsOf(attestation: string) {
  return queryOptions({
    queryKey: ['review', 'draws', attestation],
    queryFn: async ({ signal }) => {
      const body = { attestation, limit: DRAWS };
      return (await answered(api.POST('/api/v1/operations/review.next', { body, signal }))).result;
    },
    meta: { toldBy: ['statements'] },
  });
}
