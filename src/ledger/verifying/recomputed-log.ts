import type { Did } from '../../core/entries/did-key.ts';
import { EMPTY_FRONTIER, type Frontier } from '../../core/merkle/tree.ts';
import type { LedgerProblem } from '../../core/ports/ledger.ts';

/** What was recomputed from the entries so far; grows with the number of authors only. */
export interface RecomputedLog {
  /** The arrival number that comes next. */
  next: number;
  frontier: Frontier;
  /** Newest entry of each author's chain. */
  readonly tips: Map<Did, number>;
  /** How many rows the derived tables must have, by name: {@link checkEntry} looks at these. */
  readonly rows: {
    parents: number;
    heads: number;
    tips: number;
    forks: number;
    checkpoints: number;
    tree: number;
    envelopes: number;
    missing_records: number;
    rules: number;
    signers: number;
    erasures: number;
  };
}

export function startOfLog(): RecomputedLog {
  return {
    next: 0,
    frontier: EMPTY_FRONTIER,
    tips: new Map(),
    rows: {
      parents: 0,
      heads: 0,
      tips: 0,
      forks: 0,
      checkpoints: 0,
      tree: 0,
      envelopes: 0,
      missing_records: 0,
      rules: 0,
      signers: 0,
      erasures: 0,
    },
  };
}

/** What is wrong with an entry; who asks knows which. */
export type Finding = Omit<LedgerProblem, 'subject'>;

export function finding(code: LedgerProblem['code'], text: string): Finding {
  return { code, text };
}

/** Something derived that is not what follows from the entries. */
export function damage(text: string): Finding {
  return { code: 'home_corrupt', text };
}
