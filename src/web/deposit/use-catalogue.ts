import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type Catalogue, candidatesIn, type Mapping, readCatalogue } from './catalogue.ts';
import type { Offered } from './offered.ts';

interface ChosenCatalogue {
  readonly candidates: readonly Offered[];
  /** Path of the one that is read; empty for none. */
  readonly chosen: string;
  readonly map: Mapping | '';
  readonly choose: (chosen: string, map: Mapping | '') => void;
  readonly catalogue: Catalogue | undefined;
  readonly isReading: boolean;
  readonly error: Error | null;
}

/** Finds what may be a catalogue among some files, and has the node read the one that is chosen. */
export function useCatalogue(files: readonly Offered[]): ChosenCatalogue {
  const candidates = useMemo(() => candidatesIn(files), [files]);
  const [{ chosen, map }, setChosen] = useState({
    chosen: candidates[0]?.path ?? '',
    map: '' as Mapping | '',
  });
  const offered = candidates.find(({ path }) => path === chosen);
  const { data, isFetching, error } = useQuery({
    queryKey: ['catalogue', chosen, map, offered?.file.size, offered?.file.lastModified],
    queryFn: ({ signal }) =>
      offered === undefined ? null : readCatalogue(offered, map || undefined, signal),
    enabled: offered !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return {
    ...{ candidates, chosen, map },
    choose: (next, how) => setChosen({ chosen: next, map: how }),
    catalogue: offered === undefined ? undefined : (data ?? undefined),
    isReading: isFetching,
    error: offered === undefined ? null : error,
  };
}
