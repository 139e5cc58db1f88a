import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';
import type { Ref } from '../input.ts';
import type { FactContext } from './fact-context.ts';
import type { Numbering } from './numbering.ts';
import { isBefore } from './order.ts';

/** Whose resolutions it takes to end a statement. */
export type Enders = 'one' | 'steward' | 'two-organisations';

/**
 * Returns the resolutions that ended a statement; none while it is open.
 *
 * A resolution ends what it names unless it is `upheld`. Where one says `upheld` and another ends
 * the same thing, the ending counts only if it was written in view of the upholding.
 */
export function endsOf(
  id: StatementId,
  enders: Enders,
  facts: AssetFacts,
  numbering: Numbering,
  context: FactContext,
): readonly Ref[] {
  const naming = factsOf(facts, 'resolution').filter((fact) => fact.body.of.includes(id));
  if (naming.length === 0) return [];
  const upheld = naming.filter((fact) => fact.body.outcome === 'upheld');
  const ends = naming.filter(
    (fact) =>
      fact.body.outcome !== 'upheld' &&
      (enders !== 'steward' || fact.roles.includes('steward')) &&
      upheld.every((other) => isBefore(other, fact, context)),
  );
  if (enders === 'two-organisations' && organisationsOf(ends) < 2) return [];
  return numbering.refs(ends);
}

/** Returns true if a resolution of any outcome names the statement. */
export function isContested(id: StatementId, facts: AssetFacts): boolean {
  return (
    factsOf(facts, 'resolution').some((fact) => fact.body.of.includes(id)) ||
    factsOf(facts, 'dispute').some((fact) => fact.body.against.includes(id))
  );
}

function organisationsOf(facts: readonly Fact<'resolution'>[]): number {
  return new Set(facts.map((fact) => fact.organisation)).size;
}
