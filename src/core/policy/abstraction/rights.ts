import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { DepositInput, LicenceInput, Permissions, ReservationInput } from '../input.ts';
import { PURPOSES } from '../purposes.ts';
import type { FactContext } from './fact-context.ts';
import type { Numbering } from './numbering.ts';
import { latest, ordered } from './order.ts';

/** Returns the deposits with the licences in force for each and everybody who is named as maker. */
export function depositsOf(
  facts: AssetFacts,
  numbering: Numbering,
  context: FactContext,
): readonly DepositInput[] {
  const deposits = ordered(
    factsOf(facts, 'deposit'),
    (fact) => `${fact.body.licence} ${fact.body.makers.length} ${fact.organisation}`,
  );
  return deposits.map((deposit) => {
    const named = namedMakers(deposit, facts, context);
    return {
      ref: numbering.ref(deposit),
      organisation: numbering.organisation(deposit.organisation),
      licences: licencesOf(deposit, facts, numbering),
      makers: [...new Set(named.makers.map((maker) => numbering.maker(maker)))],
      namedBy: numbering.refs(named.by),
    };
  });
}

/**
 * The licences of which each must allow a use.
 *
 * The depositing organisation's own statement on the asset takes the place of what the deposit said.
 * A statement by somebody else, or one about a set, only adds to it, so it can narrow and never
 * widen; where the deposit said nothing there is nothing to widen.
 */
function licencesOf(
  deposit: Fact<'deposit'>,
  facts: AssetFacts,
  numbering: Numbering,
): readonly LicenceInput[] {
  const all = factsOf(facts, 'licence');
  const inForce = all.filter(
    (fact) =>
      (fact.body.deposit === null || fact.body.deposit === deposit.id) &&
      !all.some(
        (other) =>
          other.organisation === fact.organisation && other.body.replaces.includes(fact.id),
      ),
  );
  const isOwn = (fact: Fact<'licence'>) => fact.organisation === deposit.organisation;
  const isReplaced =
    deposit.body.licence === null
      ? inForce.some(isOwn)
      : inForce.some((fact) => isOwn(fact) && !fact.bySet);
  const licences = ordered(inForce, (fact) => `${fact.body.licence}`).map((fact) => ({
    ref: numbering.ref(fact),
    licence: fact.body.licence,
  }));
  if (isReplaced) return licences;
  return [{ ref: numbering.ref(deposit), licence: deposit.body.licence }, ...licences];
}

/**
 * The last description by the depositing organisation says anew who the makers are; descriptions by
 * others can add makers and take none away.
 */
function namedMakers(
  deposit: Fact<'deposit'>,
  facts: AssetFacts,
  context: FactContext,
): { readonly makers: readonly string[]; readonly by: readonly Fact<'description'>[] } {
  const descriptions = factsOf(facts, 'description').filter(
    (fact) => fact.body.deposit === deposit.id,
  );
  if (descriptions.length === 0) return { makers: deposit.body.makers, by: [] };
  const isOwn = (fact: Fact<'description'>) => fact.organisation === deposit.organisation;
  const own = latest(descriptions.filter(isOwn), context);
  const by = [...own, ...descriptions.filter((fact) => !isOwn(fact))];
  const said = by.flatMap((fact) => fact.body.makers);
  return { makers: own.length > 0 ? said : [...deposit.body.makers, ...said], by };
}

export function reservationsOf(
  facts: AssetFacts,
  numbering: Numbering,
): readonly ReservationInput[] {
  return ordered(factsOf(facts, 'reservation'), (fact) => fact.body.protocol).map((fact) => ({
    ref: numbering.ref(fact),
    protocol: fact.body.protocol,
    values: inOrder(fact.body.values),
  }));
}

/** Returns permissions with their purposes in one order, whatever order they were written in. */
export function inOrder(permissions: Permissions): Permissions {
  const entries = PURPOSES.flatMap((purpose) => {
    const permission = permissions[purpose];
    return permission === undefined ? [] : [[purpose, permission] as const];
  });
  return Object.fromEntries(entries);
}
