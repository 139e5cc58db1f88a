import type { LedgerStore } from '../tables/ledger-store.ts';
import type { Position } from '../tables/stored-entry.ts';

/**
 * Answers which entry lies in whose past, for any shape of the log.
 *
 * Entries are grouped into *runs*: stretches in which each has the one before as its only parent. In
 * a run, the smaller clock is the ancestor. So a search steps from run to run, and leaves out
 * everything whose clock is not greater than that of the entry it looks for.
 */
export class Ancestry {
  readonly #store: LedgerStore;

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  /** Says whether the entry `ancestor` lies in the past of `entry` (an entry is not in its own). */
  isAncestor(ancestor: Position, entry: Position): boolean {
    return ancestor.arrival !== entry.arrival && this.isInPast(ancestor, [entry]);
  }

  /** Says whether the entry is one of `parents` or in the past of one: in the past of their child. */
  isInPast(ancestor: Position, parents: readonly Position[]): boolean {
    const seen = new Set<number>();
    const open = [...parents];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at.run === ancestor.run && at.clock >= ancestor.clock) return true;
      if (at.clock <= ancestor.clock || seen.has(at.run)) continue;
      seen.add(at.run);
      open.push(...this.#store.parentsOf(at.run));
    }
    return false;
  }
}
