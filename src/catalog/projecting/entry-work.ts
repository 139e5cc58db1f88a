import type { Cid } from '../../core/cid.ts';
import type { StandingStatement, UnknownStatement } from '../../core/provenance/facts.ts';

/** What one entry says anew about one asset. */
export interface Touched {
  readonly cid: Cid;
  /** Something may have changed about what its deposits say. */
  isDescribed: boolean;
  /** Numbers of the deposits that the entry makes, by statement id. */
  readonly deposits: Map<string, number>;
  /**
   * The statements that name the asset, where this entry is the first to name it: they are all there
   * is, unless a set says more.
   */
  readonly own:
    | { readonly known: StandingStatement[]; readonly unknown: UnknownStatement[] }
    | undefined;
}

/** What one entry changes, gathered while its statements are stored. */
export interface EntryWork {
  /** Its arrival number. */
  readonly arrival: number;
  readonly assets: Map<number, Touched>;
  /** Sets that it speaks of, and whether what their members' deposits say may have changed. */
  readonly sets: Map<number, boolean>;
  /** Records that may be otherwise than they were: erased, or here now. */
  readonly reread: Set<Cid>;
}
