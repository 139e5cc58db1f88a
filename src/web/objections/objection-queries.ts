import { queryOptions } from '@tanstack/react-query';
import type { components } from '../../../.cache/web/described.d.ts';
import { run } from '../api/run.ts';

export type Objection = components['schemas']['Objection'];

/** The node tells nobody when one comes, since it says nothing of them in public. */
const LOOKED_MS = 60_000;

/** What waits for an answer, the most pressing first; with `all`, what was answered as well. */
export function objections(all: boolean) {
  return queryOptions({
    queryKey: ['objections', all],
    queryFn: async ({ signal }) => {
      const found: Objection[] = [];
      const item = (one: Objection) => void found.push(one);
      await run<Objection, null>('objection.list', { all }, { item, signal });
      return found.sort((one, other) => (one.deadline < other.deadline ? -1 : 1));
    },
    refetchInterval: LOOKED_MS,
    retry: false,
    meta: { toldBy: ['statements'] },
  });
}
