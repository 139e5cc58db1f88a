import type { Cid } from '../cid.ts';
import type { Purpose, Requester } from '../policy/purposes.ts';

/** Counts of assets by the gate or rule that is the headline of their verdict. */
export interface VerdictCounts {
  readonly eligible: number;
  readonly hold: number;
  readonly ineligible: number;
  /** By rule and code of the first failing rule, most frequent first. */
  readonly headlines: readonly {
    readonly gate: string;
    readonly rule: string;
    readonly code: string;
    readonly assets: number;
  }[];
}

/** Assets about which the rules see the same, and what two policies say of them. */
export interface ClassComparison {
  readonly assets: number;
  readonly before: HeadlinedVerdict;
  readonly after: HeadlinedVerdict;
}

export interface HeadlinedVerdict {
  readonly verdict: VerdictWord;
  /** The first rule that fails; undefined for an eligible asset. */
  readonly headline: { readonly rule: string; readonly code: string } | undefined;
}

/** An asset on which the verdict is another than before an entry came. */
export interface VerdictChange {
  readonly asset: Cid;
  /** Arrival number of the entry. */
  readonly arrival: number;
  /** Null if it was no asset of the archive's. */
  readonly before: VerdictWord | null;
  readonly after: VerdictWord | null;
}

/** The question by which changes of verdicts are told; `at` is asked when they are. */
export interface WatchedQuestion {
  readonly purpose: Purpose;
  readonly policy: string;
  readonly requester: Requester;
  readonly at: () => string;
}

export type VerdictWord = 'eligible' | 'hold' | 'ineligible';

/** What a projection has changed. */
export interface CatalogNews {
  /** Arrival number of the next entry to project; whatever is below shows in every answer. */
  readonly next: number;
  /** By the question that is watched, in the order of arrival. What time alone changes is not told. */
  readonly verdicts: readonly VerdictChange[];
  /** Verdicts on other assets may have changed as well: too many did, or the catalog was made anew. */
  readonly isCut: boolean;
}
