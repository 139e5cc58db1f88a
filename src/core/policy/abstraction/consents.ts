import { concatBytes, fromHex, toHex } from '../../hash.ts';
import { type Fact, factsOf } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';
import type { ConsentInput } from '../input.ts';
import type { FactContext } from './fact-context.ts';
import { isBefore, ordered } from './order.ts';
import type { Reading } from './reading.ts';
import { inOrder } from './rights.ts';

/** Returns every consent with what became of it. */
export function consentsOf({ facts, numbering, context }: Reading): readonly ConsentInput[] {
  const consents = ordered(factsOf(facts, 'consent'), ({ body }) =>
    JSON.stringify([inOrder(body.purposes), body.requesters, body.until, body.makers.length]),
  );
  const withdrawals = factsOf(facts, 'withdrawal');
  const reserving = [...factsOf(facts, 'reservation'), ...factsOf(facts, 'finding')];
  const reservations = new Map(reserving.map((fact) => [fact.id, fact]));
  const places = new Map(consents.map((fact, place) => [fact.id, place]));
  const replacing = new Map<StatementId, number[]>();
  consents.forEach(({ body }, place) => {
    for (const id of body.replaces) replacing.set(id, [...(replacing.get(id) ?? []), place]);
  });
  return consents.map((fact) => {
    const { body } = fact;
    const under = body.under === null ? undefined : places.get(body.under);
    const isMandated = body.under === null ? body.role !== 'agent' : under !== undefined;
    return {
      ref: numbering.ref(fact),
      makers: body.makers.map((maker) => numbering.maker(maker)),
      under: under ?? null,
      isChained: isTiedToMaker(fact) && isMandated,
      purposes: inOrder(body.purposes),
      requesters: body.requesters,
      isEverywhere: body.territories.length === 0,
      from: body.from,
      until: body.until,
      conditions: body.conditions,
      withdrawnBy: numbering.refs(withdrawals.filter((one) => isWithdrawalOf(one, fact, context))),
      replacedBy: replacing.get(fact.id) ?? [],
      lifts: numbering.refs(body.replaces.flatMap((id) => reservations.get(id) ?? [])),
    };
  });
}

/**
 * A maker's own signature counts with a stated identity method: a key alone says nothing about whose
 * it is. On paper or by import, a steward or archivist answers for having seen it.
 */
function isTiedToMaker(fact: Fact<'consent'>): boolean {
  if (fact.carried) return fact.body.identity !== 'key';
  return fact.roles.includes('steward') || fact.roles.includes('archivist');
}

/**
 * A withdrawal ends the consents that it names, or whose one-time code it shows. If it names none, it
 * ends every consent of its makers (of all, if it names no maker) that was not given in view of it.
 */
function isWithdrawalOf(
  withdrawal: Fact<'withdrawal'>,
  consent: Fact<'consent'>,
  context: FactContext,
): boolean {
  const { consents, makers, code } = withdrawal.body;
  if (consents.length > 0 && !consents.includes(consent.id)) return false;
  if (code !== null) return opens(code, consent, context);
  if (consents.length > 0) return true;
  const isOfMaker =
    makers.length === 0 || consent.body.makers.some((maker) => makers.includes(maker));
  return isOfMaker && !isBefore(withdrawal, consent, context);
}

/** The hash is SHA-256 over the 16 bytes of salt and the code's ASCII. */
function opens(code: string, consent: Fact<'consent'>, context: FactContext): boolean {
  const lock = consent.body.withdrawalCode;
  const salt = lock === null ? undefined : fromHex(lock.salt);
  if (lock === null || salt === undefined) return false;
  return toHex(context.sha256(concatBytes(salt, new TextEncoder().encode(code)))) === lock.hash;
}
