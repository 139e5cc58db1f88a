import { queryOptions } from '@tanstack/react-query';
import type { components, operations } from '../../../.cache/web/described.d.ts';
import { answered, api } from '../api/client.ts';

export type NodeCopies = components['schemas']['NodeCopies'];
export type Peers = operations['peers']['responses'][200]['content']['application/json']['result'];
export type NodeHistory = components['schemas']['NodeHistory'];

/** While somebody is catching up, and otherwise. */
const WATCHED_MS = 2000;
const USUAL_MS = 30_000;
/** The node notes one sample an hour. */
const HISTORY_MS = 600_000;

/** What each node is to hold, holds and has proven, and how far its log is. */
export const replicas = queryOptions({
  queryKey: ['replicas'],
  queryFn: async ({ signal }) => {
    const body = { policy: 'corroborated', isKept: true };
    return (await answered(api.POST('/api/v1/operations/replicate.status', { body, signal })))
      .result;
  },
  refetchInterval: ({ state: { data } }) =>
    data?.nodes.some(isCatchingUp) ? WATCHED_MS : USUAL_MS,
  meta: { toldBy: ['statements', 'peer'] },
});

/** Whether a connected node has something to take, to give or to prove. */
function isCatchingUp({ connected, level, wanted, proven }: NodeCopies): boolean {
  if (!connected) return false;
  return wanted > proven || level === null || level.toGive > 0 || level.toTake > 0;
}

/** How the others stood over so many days, as the node has noted it. */
export function historyOf(days: number) {
  return queryOptions({
    queryKey: ['replica-history', days],
    queryFn: async ({ signal }) => {
      const asked = api.POST('/api/v1/operations/replicate.history', { body: { days }, signal });
      return (await answered(asked)).result;
    },
    refetchInterval: HISTORY_MS,
  });
}

export const peers = queryOptions({
  queryKey: ['peers'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/peers', { body: {}, signal }))).result,
  refetchInterval: ({ state: { data } }) =>
    data?.called.some((one) => !connectedAt(one, data.connected)) ? WATCHED_MS : USUAL_MS,
  meta: { toldBy: ['statements', 'peer'] },
});

/** Returns who answers at an address that is kept connected. */
export function connectedAt(
  { address, peer }: Peers['called'][number],
  connected: Peers['connected'],
): Peers['connected'][number] | undefined {
  return connected.find((one) =>
    peer === null ? one.address.startsWith(`${address}/`) : one.peer === peer,
  );
}

export const invitations = queryOptions({
  queryKey: ['invitations'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/invite.list', { body: {}, signal }))).result,
  meta: { toldBy: ['statements'] },
});
