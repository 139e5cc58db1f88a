import { queryOptions } from '@tanstack/react-query';
import type { components } from '../../../.cache/web/described.d.ts';
import { answered, api } from '../api/client.ts';
import { checkedEntry } from './check-entry.ts';
import { checkLog } from './check-log.ts';

export type LogEntry = components['schemas']['LogEntry'];

/** Entries on one page of the log. */
export const PAGE = 25;

/** The log of a node, as this browser has checked it. What does not hold is not asked for again by itself. */
export function logChecked(node: string) {
  return queryOptions({
    queryKey: ['log-check', node],
    queryFn: () => checkLog(node),
    retry: (failures, error) => error instanceof TypeError && failures < 3,
    meta: { toldBy: ['statements'] },
  });
}

/** What arrived before an entry; the newest without one. */
export function logPage(before: number | undefined) {
  return queryOptions({
    queryKey: ['log', before ?? null],
    queryFn: async ({ signal }) => {
      const body = { limit: PAGE, ...(before === undefined ? {} : { before }) };
      return answered(api.POST('/api/v1/operations/log.list', { body, signal }));
    },
    meta: { toldBy: ['statements'] },
  });
}

export function entryChecked(entry: string, node: string) {
  return queryOptions({
    queryKey: ['log-entry', entry, node],
    queryFn: () => checkedEntry(entry, node),
    retry: (failures, error) => error instanceof TypeError && failures < 3,
    staleTime: Number.POSITIVE_INFINITY,
    // A thousand statements, as they stand, are half a megabyte.
    gcTime: 30_000,
  });
}
