import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { VettedInstitution } from '../documents.ts';
import { isMakerKeyRubric, makerKeyRubric } from '../maker-keys.ts';
import { isEnvelopeErased } from './erased.ts';
import type { FactContext } from './fact-context.ts';
import type { Reading } from './reading.ts';

/** Which statements count as evidence (policy.md §2), as far as no policy has a say in it. */

/**
 * Class D: signed by the maker's own key in a carried envelope, with a stated identity method, and
 * complete. Where a steward is said to vouch, a review must tie that very key to a maker whom it
 * speaks for and a deposit names. An erased envelope shows nothing any more.
 */
export function declarationCounts(fact: Fact<'declaration'>, reading: Reading): boolean {
  const { body } = fact;
  if (!fact.carried || body.identity === null) return false;
  if (body.digitalSourceType === null || body.generative === 'unstated') return false;
  if (isEnvelopeErased(fact, reading.facts)) return false;
  const named = namedMakers(fact, reading.facts);
  if (body.tools.length === 0 || named.length === 0) return false;
  const { method, vouchedBy } = body.identity;
  if (method !== 'steward') return true;
  return vouchedBy !== null && named.some((maker) => isVouchedFor(fact, maker, reading));
}

function namedMakers(fact: Fact<'declaration'>, facts: AssetFacts): readonly string[] {
  const naming = [...factsOf(facts, 'deposit'), ...factsOf(facts, 'description')];
  return fact.body.makers.filter((maker) => naming.some(({ body }) => body.makers.includes(maker)));
}

/** Says whether a steward's standing review ties the key that signed this to the maker. */
export function isVouchedFor(
  { envelope }: Pick<Fact<'declaration'>, 'envelope'>,
  maker: string,
  { facts, context, isContradicted }: Reading,
): boolean {
  if (envelope === undefined) return false;
  const reviews = factsOf(facts, 'review');
  if (reviews.length === 0) return false;
  const rubric = makerKeyRubric(envelope.signer, maker, context.sha256);
  return reviews.some(
    (fact) =>
      fact.body.rubric === rubric &&
      fact.roles.includes('steward') &&
      fact.body.outcome === 'confirmed' &&
      fact.body.conflict === 'none' &&
      !isContradicted(fact.id),
  );
}

/** Class T: the number was checked at the issuer by a member who answers for it, not by the maker. */
export function certificationCounts(fact: Fact<'certification'>, facts: AssetFacts): boolean {
  const isAccountable = ['steward', 'archivist', 'reviewer'] as const;
  return (
    !fact.carried &&
    isAccountable.some((role) => fact.roles.includes(role)) &&
    fact.body.outcome === 'confirmed' &&
    !factsOf(facts, 'certification').some(
      (other) =>
        other.body.outcome !== 'confirmed' &&
        other.body.issuer === fact.body.issuer &&
        other.body.number === fact.body.number,
    )
  );
}

/** Class K: the vetted institution itself says so. */
export function vettedInstitutionOf(
  fact: Fact<'custody'> | Fact<'attestation'>,
  context: FactContext,
): VettedInstitution | undefined {
  if (fact.carried || fact.organisation !== fact.body.institution) return undefined;
  return context.institutions.find((institution) => institution.id === fact.body.institution);
}

/**
 * Class S: a confirming review of this very asset, by an organisation that neither deposited nor profits.
 * Who says whose a key is has not looked at the work.
 */
export function reviewCounts(fact: Fact<'review'>, facts: AssetFacts): boolean {
  return (
    fact.body.outcome === 'confirmed' &&
    fact.body.conflict === 'none' &&
    fact.body.sample === null &&
    !isMakerKeyRubric(fact.body.rubric) &&
    !fact.bySet &&
    !fact.carried &&
    !factsOf(facts, 'deposit').some((deposit) => deposit.organisation === fact.organisation)
  );
}
