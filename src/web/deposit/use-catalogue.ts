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
  /** Rows that have been read so far. */
  readonly read: number;
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
  const [read, setRead] = useState(0);
  const { data, isFetching, error } = useQuery({
    queryKey: ['catalogue', chosen, map, offered?.file.size, offered?.file.lastModified],
    queryFn: ({ signal }) => {
      if (offered === undefined) return null;
      setRead(0);
      return readCatalogue(offered, map || undefined, { signal, onRows: setRead });
    },
    enabled: offered !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // The same file says the same again; and one of a hundred thousand rows is not compared with itself.
    gcTime: 0,
    structuralSharing: false,
  });
  return {
    ...{ candidates, chosen, map },
    choose: (next, how) => setChosen({ chosen: next, map: how }),
    catalogue: offered === undefined ? undefined : (data ?? undefined),
    ...{ isReading: isFetching, read },
    error: offered === undefined ? null : error,
  };
}
