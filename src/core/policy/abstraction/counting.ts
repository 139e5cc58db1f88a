import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { VettedInstitution } from '../documents.ts';
import type { FactContext } from './fact-context.ts';

/** Which statements count as evidence (policy.md §2), as far as no policy has a say in it. */

/** The rubric of a review by which a steward vouches for who somebody is; it says nothing of a work. */
const IDENTITY_RUBRIC = 'identity';

/**
 * Class D: signed by the maker's own key in a carried envelope, with a stated identity method, and
 * complete. Where a steward is said to vouch, that steward's confirming review must stand.
 */
export function declarationCounts(fact: Fact<'declaration'>, facts: AssetFacts): boolean {
  const { body } = fact;
  if (!fact.carried || body.identity === null) return false;
  if (body.digitalSourceType === null || body.generative === 'unstated') return false;
  if (body.tools.length === 0 || !isByNamedMaker(fact, facts)) return false;
  const { method, vouchedBy } = body.identity;
  return method !== 'steward' || isVouched(vouchedBy, facts);
}

function isByNamedMaker(fact: Fact<'declaration'>, facts: AssetFacts): boolean {
  const naming = [...factsOf(facts, 'deposit'), ...factsOf(facts, 'description')];
  return naming.some(({ body }) => body.makers.some((maker) => fact.body.makers.includes(maker)));
}

function isVouched(vouchedBy: string | null, facts: AssetFacts): boolean {
  return factsOf(facts, 'review').some(
    (fact) =>
      fact.id === vouchedBy &&
      fact.roles.includes('steward') &&
      fact.body.rubric === IDENTITY_RUBRIC &&
      fact.body.outcome === 'confirmed' &&
      fact.body.conflict === 'none',
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

/** Class S: a confirming review of this very asset, by an organisation that neither deposited nor profits. */
export function reviewCounts(fact: Fact<'review'>, facts: AssetFacts): boolean {
  return (
    fact.body.rubric !== IDENTITY_RUBRIC &&
    fact.body.outcome === 'confirmed' &&
    fact.body.conflict === 'none' &&
    fact.body.sample === null &&
    !fact.bySet &&
    !fact.carried &&
    !factsOf(facts, 'deposit').some((deposit) => deposit.organisation === fact.organisation)
  );
}
