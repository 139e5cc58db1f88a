import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { DepositInput, LicenceInput, Permissions, ReservationInput } from '../input.ts';
import { PURPOSES } from '../purposes.ts';
import { descriptionsOf } from './descriptions.ts';
import { miningReservations } from './mining-reservations.ts';
import type { Numbering } from './numbering.ts';
import { ordered } from './order.ts';
import type { Reading } from './reading.ts';

/** Returns the deposits with the licences in force for each and everybody who is named as maker. */
export function depositsOf(reading: Reading): readonly DepositInput[] {
  const { facts, numbering } = reading;
  const licences = licencesInForce(facts);
  const deposits = ordered(
    factsOf(facts, 'deposit'),
    (fact) => `${fact.body.licence} ${fact.body.makers.length} ${fact.organisation}`,
  );
  return deposits.map((deposit) => {
    const named = namedMakers(deposit, reading);
    return {
      ref: numbering.ref(deposit),
      organisation: numbering.organisation(deposit.organisation),
      licences: licencesOf(deposit, licences, numbering),
      makers: [...new Set(named.makers.map((maker) => numbering.maker(maker)))],
      namedBy: numbering.refs(named.by),
    };
  });
}

/** Licence statements that no other one by the same organisation replaces. */
function licencesInForce(facts: AssetFacts): readonly Fact<'licence'>[] {
  const all = factsOf(facts, 'licence');
  if (all.length < 2) return all;
  const replaced = new Set(
    all.flatMap(({ organisation, body }) => body.replaces.map((id) => `${organisation} ${id}`)),
  );
  const inForce = all.filter(({ organisation, id }) => !replaced.has(`${organisation} ${id}`));
  return ordered(inForce, (fact) => `${fact.body.licence}`);
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
  inForce: readonly Fact<'licence'>[],
  numbering: Numbering,
): readonly LicenceInput[] {
  const stated = inForce.filter(({ body }) => body.deposit === null || body.deposit === deposit.id);
  const isReplacing = ({ organisation, bySet }: Fact<'licence'>) =>
    organisation === deposit.organisation && (deposit.body.licence === null || !bySet);
  const licences = new Map<string | null, LicenceInput>();
  // The same licence stated twice is asked once.
  for (const fact of stated.some(isReplacing) ? stated : [deposit, ...stated]) {
    const { licence } = fact.body;
    if (!licences.has(licence)) licences.set(licence, { ref: numbering.ref(fact), licence });
  }
  return [...licences.values()];
}

/** Everybody whom the deposit, or a description that takes its place or adds to it, names. */
function namedMakers(
  deposit: Fact<'deposit'>,
  reading: Reading,
): { readonly makers: readonly string[]; readonly by: readonly Fact<'description'>[] } {
  const { own, others } = descriptionsOf(deposit, reading);
  const by = [...own, ...others];
  const said = by.flatMap((fact) => fact.body.makers);
  return { makers: own.length > 0 ? said : [...deposit.body.makers, ...said], by };
}

/** Returns what reserves a use: statements, and words in the bytes themselves. */
export function reservationsOf({ facts, found, numbering }: Reading): readonly ReservationInput[] {
  const stated = ordered(factsOf(facts, 'reservation'), (fact) => fact.body.protocol).map(
    (fact) => ({
      ref: numbering.ref(fact),
      protocol: fact.body.protocol,
      values: inOrder(fact.body.values),
    }),
  );
  const inBytes = found.flatMap(({ fact, finding }) =>
    miningReservations(finding).map((reserved) => ({ ref: numbering.ref(fact), ...reserved })),
  );
  return [...stated, ...inBytes];
}

/** Returns permissions with their purposes in one order, whatever order they were written in. */
export function inOrder(permissions: Permissions): Permissions {
  const entries = PURPOSES.flatMap((purpose) => {
    const permission = permissions[purpose];
    return permission === undefined ? [] : [[purpose, permission] as const];
  });
  return Object.fromEntries(entries);
}
