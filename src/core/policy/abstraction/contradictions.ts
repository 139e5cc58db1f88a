import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';
import { endsOf } from './ends.ts';
import type { FactContext } from './fact-context.ts';
import type { Numbering } from './numbering.ts';

/** Returns the reviews by which somebody without a stake contradicts evidence, and that stand. */
export function contradictionsOf(
  facts: AssetFacts,
  numbering: Numbering,
  context: FactContext,
): readonly Fact<'review'>[] {
  return factsOf(facts, 'review').filter(
    (fact) =>
      fact.body.outcome === 'contradicted' &&
      fact.body.conflict === 'none' &&
      endsOf(fact.id, 'one', facts, numbering, context).length === 0,
  );
}

/** Returns what says whether one of these reviews contradicts a statement; one that names none, all. */
export function contradictedBy(
  contradictions: readonly Fact<'review'>[],
): (statement: StatementId) => boolean {
  return (statement) =>
    contradictions.some(
      ({ body }) => body.evidence.length === 0 || body.evidence.includes(statement),
    );
}
