import type { Conflict } from '../../core/entries/governance/view.ts';

/** Something in the packs or the ledger that an operator should know of. */
export interface Finding {
  readonly kind:
    | 'damage'
    | 'void'
    | 'unknown'
    | 'fork'
    | 'contradiction'
    | 'skipped'
    | 'peer'
    | 'waiting'
    | 'behind'
    | 'no-member'
    | 'outdated'
    | Conflict['kind'];
  /** The pack, the statement, the inspector, the member whose entries fork, or the peer: its key, or where it called from. */
  readonly subject: string;
  readonly text: string;
  /** Of a contradiction: the two notes that the key has signed. */
  readonly notes?: readonly [string, string];
}

/** Findings of one kind that are listed; whoever floods a ledger fills no memory and no screen. */
export const LISTED = 100;

/** Keeps the first findings of each kind, and counts them all. */
export class Findings {
  readonly listed: Finding[] = [];
  readonly #counts = new Map<Finding['kind'], number>();

  add(finding: Finding): void {
    const count = this.#counts.get(finding.kind) ?? 0;
    if (count < LISTED) this.listed.push(finding);
    this.#counts.set(finding.kind, count + 1);
  }

  /** Returns how many of each kind there are that are not listed; none of a kind of which all are. */
  unlisted(): Partial<Record<Finding['kind'], number>> {
    const more = [...this.#counts].filter(([, count]) => count > LISTED);
    return Object.fromEntries(more.map(([kind, count]) => [kind, count - LISTED]));
  }
}
