import { useCallback, useMemo, useState } from 'react';

/** Works that somebody has picked out, whatever is shown meanwhile. */
export interface Selection {
  readonly cids: readonly string[];
  readonly has: (cid: string) => boolean;
  readonly toggle: (cid: string) => void;
  readonly clear: () => void;
}

export function useSelection(): Selection {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((cid: string) => {
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(cid)) after.add(cid);
      return after;
    });
  }, []);
  const clear = useCallback(() => setSelected(new Set()), []);
  return useMemo(
    () => ({ cids: [...selected], has: (cid) => selected.has(cid), toggle, clear }),
    [selected, toggle, clear],
  );
}
