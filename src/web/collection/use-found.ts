import {
  hashKey,
  keepPreviousData,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { useIdentity } from '../api/identity.ts';
import type { AssetSummary } from '../api/queries.ts';
import { isByWork, type Narrowing } from './narrowing.ts';
import { COUNTS, facetsOf, PAGE, pageOf, worksIn } from './queries.ts';

/** Counting waits for so long after the last letter; what is found does not. */
const SETTLED_MS = 250;

/** What was found last: what came before stays until what is asked for is there. */
export function useFound(narrowing: Narrowing) {
  const identity = useIdentity();
  const first = useQuery({ ...pageOf(narrowing, 0), placeholderData: keepPreviousData });
  const [settled, isSettled] = useSettled(narrowing);
  const isCounted = Boolean(identity) && isSettled && first.data !== undefined;
  const client = useQueryClient();
  useEffect(() => {
    // Nobody waits for counts of what was typed before, and the node is to be free.
    if (!isSettled) void client.cancelQueries({ queryKey: COUNTS });
  }, [client, isSettled]);
  const counted = useQuery({
    ...facetsOf(settled),
    placeholderData: keepPreviousData,
    enabled: isCounted,
  });
  const works = useQuery({
    ...worksIn(settled),
    placeholderData: keepPreviousData,
    enabled: isCounted && isByWork(settled),
  });
  const shown = first.data?.narrowing ?? narrowing;
  const assets = counted.data && isSame(counted.data.narrowing, shown) && counted.data.assets;
  const asWorks = works.data && isSame(works.data.narrowing, shown) && works.data.works;
  const counts = (isByWork(shown) ? asWorks : assets) || undefined;
  const total = first.data?.isLast ? first.data.assets.length : counts;
  return { first, shown, total, assets: assets || undefined, facets: counted.data };
}

/** What is found is the same however it is laid out. */
function isSame(one: Narrowing, other: Narrowing): boolean {
  return hashKey([{ ...one, parts: undefined }]) === hashKey([{ ...other, parts: undefined }]);
}

/** Works by their place among what was found: those of the pages that are near. */
export function useWorks(narrowing: Narrowing, from: number, to: number) {
  // Pictures and clicks come before pages that are only passed. Both ends are put off together: what is still seen of
  // the pages before would else be gone for a moment, and with it whatever has the focus or is being clicked.
  const asked = useDeferredValue(Math.floor(from / PAGE));
  const last = useDeferredValue(Math.floor(Math.max(to - 1, from) / PAGE));
  return useQueries({
    queries: Array.from({ length: last - asked + 1 }, (_, at) => pageOf(narrowing, asked + at)),
    combine: (results) => ({
      /** Undefined while it has not come; null where nothing is for this reader. */
      at: (place: number): AssetSummary | null | undefined => {
        const page = results[Math.floor(place / PAGE) - asked]?.data;
        return page && (page.assets[place % PAGE] ?? null);
      },
      /** How many there are at the least, as far as these pages tell. */
      known: results.reduce((most, { data }, at) => {
        if (data === undefined) return most;
        const end = (asked + at) * PAGE + data.assets.length;
        return data.isLast ? end : Math.max(most, (asked + at + 2) * PAGE);
      }, 0),
    }),
  });
}

/** Returns a value that has stayed for a while, and whether it is the one of now. */
function useSettled<T>(value: T): readonly [settled: T, isNow: boolean] {
  const [settled, setSettled] = useState(value);
  const key = hashKey([value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what says the same is the same
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return [settled, hashKey([settled]) === key];
}
