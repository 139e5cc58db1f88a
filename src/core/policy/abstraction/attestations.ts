import { type Fact, factsOf } from '../../provenance/facts.ts';
import { vettedInstitutionOf } from './counting.ts';
import type { AttestedItem, SeenStatement } from './fact-context.ts';
import type { Reading } from './reading.ts';

/** A set attestation, what it says of the asset, and whether it counts as evidence. */
export interface Attested {
  readonly fact: Fact<'attestation'>;
  readonly item: AttestedItem;
  readonly isCounted: boolean;
}

/**
 * Returns the set attestations that name the asset. One counts while its institution is vetted, nobody
 * contradicts it, its sample has not failed, and the asset itself was not found a defect.
 */
export function attestationsOf(reading: Reading): readonly Attested[] {
  const { facts, context, isContradicted } = reading;
  return factsOf(facts, 'attestation').flatMap((fact) => {
    const item = context.attested?.(fact.id, facts.asset);
    if (item === undefined) return [];
    const isCounted =
      item.sample.outcome !== 'defect' &&
      vettedInstitutionOf(fact, context) !== undefined &&
      !isContradicted(fact.id) &&
      !isDefect(fact, reading);
    return [{ fact, item, isCounted }];
  });
}

/** Returns the defects that somebody found in the sets of these attestations when they had been sampled. */
export function laterDefectsOf(attestations: readonly Attested[]): readonly SeenStatement[] {
  return attestations.flatMap(({ item }) => item.sample.defects);
}

/** A reviewer drew this very asset and did not confirm it. */
function isDefect({ id }: Fact<'attestation'>, { facts, endings }: Reading): boolean {
  return factsOf(facts, 'review').some(
    (review) =>
      review.body.sample?.attestation === id &&
      review.body.outcome !== 'confirmed' &&
      review.body.conflict === 'none' &&
      endings.of(review.id, 'two-organisations').length === 0,
  );
}
