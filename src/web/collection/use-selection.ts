import { useCallback, useMemo, useRef, useState } from 'react';
import type { AssetSummary } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import type { Narrowing } from './narrowing.ts';
import { cidsOf } from './queries.ts';

/** What is picked out together at most: more is work for the command line. */
const MOST_SELECTED = 10_000;

const words = TEXT.collection.bulk;

/** Assets that somebody has picked out, whatever is shown meanwhile. */
export interface Selection {
  readonly cids: readonly string[];
  readonly has: (cid: string) => boolean;
  /** Picks out an asset, with `within` the parts of its work that match there; or lets go of it and all its parts. */
  readonly toggle: (asset: AssetSummary, within: Narrowing | undefined) => void;
  /** Picks out whatever matches now. */
  readonly addAll: (narrowing: Narrowing) => void;
  readonly clear: () => void;
  /** It is being found out what is meant. */
  readonly isGathering: boolean;
  /** What is to be known of what was picked out last. */
  readonly note: string;
}

export function useSelection(): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [note, setNote] = useState('');
  /** Ends whatever is under way when all is let go of. */
  const stopping = useRef(new AbortController());
  /** Ends what is under way for one work when it is ticked again: the last tick counts. */
  const ofWorks = useRef(new Map<string, AbortController>());
  const [underWay, setUnderWay] = useState(0);
  const now = useRef<ReadonlySet<string>>(selected);

  const put = useCallback((cids: readonly string[], isOn: boolean, isAll: boolean) => {
    const after = new Set(now.current);
    for (const cid of cids) {
      if (!isOn) after.delete(cid);
      else if (after.size < MOST_SELECTED) after.add(cid);
    }
    const isWhole = isAll && (!isOn || cids.every((cid) => after.has(cid)));
    now.current = after;
    setNote(isWhole ? '' : words.onlySome(countText(MOST_SELECTED)));
    setSelected(after);
  }, []);

  const gather = useCallback(
    (narrowing: Narrowing, isOn: boolean, undo: () => void, signal: AbortSignal) => {
      setUnderWay((before) => before + 1);
      cidsOf(narrowing, MOST_SELECTED, signal)
        .then(
          ({ cids, isAll }) => signal.aborted || put(cids, isOn, isAll),
          (error: Error) => {
            if (signal.aborted) return;
            undo();
            setNote(words.notGathered(error.message));
          },
        )
        .finally(() => setUnderWay((before) => before - 1));
    },
    [put],
  );

  const toggle = useCallback(
    ({ cid, work }: AssetSummary, within: Narrowing | undefined) => {
      const isOn = !now.current.has(cid);
      put([cid], isOn, true);
      if (within === undefined || work === null) return;
      ofWorks.current.get(work.id)?.abort();
      const stop = new AbortController();
      ofWorks.current.set(work.id, stop);
      const signal = AbortSignal.any([stopping.current.signal, stop.signal]);
      // Nothing that is not shown is picked out; nor does it stay when the work is let go of.
      const meant = { ...(isOn ? within : {}), work: work.id };
      gather(meant, isOn, () => put([cid], !isOn, true), signal);
    },
    [gather, put],
  );
  const addAll = useCallback(
    (narrowing: Narrowing) => gather(narrowing, true, () => {}, stopping.current.signal),
    [gather],
  );
  const clear = useCallback(() => {
    stopping.current.abort();
    stopping.current = new AbortController();
    ofWorks.current.clear();
    now.current = new Set();
    setNote('');
    setSelected(now.current);
  }, []);
  return useMemo(
    () => ({
      ...{ cids: [...selected], has: (cid: string) => selected.has(cid) },
      ...{ toggle, addAll, clear, isGathering: underWay > 0, note },
    }),
    [selected, toggle, addAll, clear, underWay, note],
  );
}
