import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components, operations } from '../../../.cache/web/described.d.ts';
import { answered, api } from '../api/client.ts';

export type Waiting = components['schemas']['Waiting'];
export type Attestation = components['schemas']['Attestation'];

type Next = operations['review.next']['responses'][200]['content']['application/json']['result'];
/** The attempt that is to be judged now. */
export type Draws = NonNullable<Next['next']>;
export type Draw = Draws['draws'][number];

const PAGE = 50;

/** Draws that are fetched at a time: as many as a first attempt has, so that nobody waits in between. */
const DRAWS = 300;

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
