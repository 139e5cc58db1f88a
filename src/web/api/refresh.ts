import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useIdentity } from './identity.ts';
import { hear, readEvents } from './live.ts';
import { isOldAfter, type Told } from './told.ts';

/** What comes within this time is asked for again once. */
const GATHERED_MS = 500;
/** Of more than so many events, everything is asked for again. */
const MOST_GATHERED = 500;

/**
 * While somebody is signed in, asks again for whatever has become another, as the node tells it: each
 * query says in its `meta` which events make it old (`told.ts`).
 */
export function useLive(): void {
  const queries = useQueryClient();
  const identity = useIdentity();
  useEffect(() => {
    if (!identity) return;
    const ends = [refreshing(queries), readEvents()];
    return () => {
      for (const end of ends) end();
    };
  }, [identity, queries]);
}

function refreshing(queries: QueryClient): () => void {
  let gathered: Told[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    const events = gathered;
    gathered = [];
    timer = undefined;
    void queries.invalidateQueries({
      predicate: ({ meta = {} }) =>
        events.length > MOST_GATHERED || events.some((told) => isOldAfter(told, meta)),
    });
  };
  const deaf = hear((told) => {
    if (gathered.length <= MOST_GATHERED) gathered.push(told);
    timer ??= setTimeout(refresh, GATHERED_MS);
  });
  return () => {
    deaf();
    clearTimeout(timer);
  };
}
