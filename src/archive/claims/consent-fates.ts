import { consentsOf } from '../../core/policy/abstraction/consents.ts';
import { readingOf } from '../../core/policy/abstraction/reading.ts';
import type { AssetFacts } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { Archive } from '../archive.ts';

/** What became of a consent. */
export interface ConsentFate {
  readonly id: StatementId;
  /** Whether the signer is tied to the makers, and what it is made under is there. */
  readonly tied: boolean;
  readonly withdrawnBy: readonly StatementId[];
  readonly replaced: boolean;
}

/** Returns what became of each consent about an asset, those that were withdrawn included. */
export function consentFates(
  facts: AssetFacts,
  { ledger, sha256 }: Pick<Archive, 'ledger' | 'sha256'>,
): readonly ConsentFate[] {
  const reading = readingOf(facts, {
    ...{ institutions: [], sha256, taintOf: () => undefined },
    isAncestor: ledger.isAncestor.bind(ledger),
  });
  const { ids } = reading.numbering;
  return consentsOf(reading).flatMap(({ ref, isChained, withdrawnBy, replacedBy }) => {
    const id = ids[ref];
    if (id === undefined) return [];
    const withdrawals = withdrawnBy.flatMap((by) => ids[by] ?? []);
    return [{ id, tied: isChained, withdrawnBy: withdrawals, replaced: replacedBy.length > 0 }];
  });
}
