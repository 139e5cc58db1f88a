import { type Fact, factsOf } from '../../provenance/facts.ts';
import type { StatementId } from '../../statements/fields.ts';
import type { ConsentInput } from '../input.ts';
import { opensLock } from '../withdrawal-code.ts';
import { isVouchedFor } from './counting.ts';
import { isEnvelopeErased } from './erased.ts';
import type { FactContext } from './fact-context.ts';
import { isBefore, ordered } from './order.ts';
import type { Reading } from './reading.ts';
import { Repetitions } from './repeated.ts';
import { inOrder } from './rights.ts';

/** Returns every consent with what became of it. */
export function consentsOf(reading: Reading): readonly ConsentInput[] {
  const { facts, numbering, context } = reading;
  const consents = ordered(factsOf(facts, 'consent'), ({ body }) =>
    JSON.stringify([inOrder(body.purposes), body.requesters, body.until, body.makers.length]),
  );
  const withdrawals = factsOf(facts, 'withdrawal');
  const reserving = [...factsOf(facts, 'reservation'), ...factsOf(facts, 'finding')];
  const reservations = new Map(reserving.map((fact) => [fact.id, fact]));
  const repetitions = new Repetitions(withdrawals.length === 0 ? [] : consents);
  const places = new Map(consents.map((fact, place) => [fact.id, place]));
  const replacing = new Map<StatementId, number[]>();
  consents.forEach(({ body }, place) => {
    for (const id of body.replaces) replacing.set(id, [...(replacing.get(id) ?? []), place]);
  });
  const ended = new Map<string, Set<StatementId>>();
  for (const consent of withdrawals.length === 0 ? [] : consents) {
    const key = repetitions.keyOf(consent.id);
    const ends = ended.get(key) ?? new Set();
    ended.set(key, ends);
    for (const one of withdrawals) {
      if (!ends.has(one.id) && isWithdrawalOf(one, consent, context)) ends.add(one.id);
    }
  }
  return consents.map((fact) => {
    const { body } = fact;
    const under = body.under === null ? undefined : places.get(body.under);
    return {
      ref: numbering.ref(fact),
      makers: body.makers.map((maker) => numbering.maker(maker)),
      under: under ?? null,
      isChained:
        isTiedToMaker(fact, reading) &&
        isMandated(fact, under === undefined ? undefined : consents[under]),
      purposes: inOrder(body.purposes),
      requesters: body.requesters,
      isEverywhere: body.territories.length === 0,
      from: body.from,
      until: body.until,
      conditions: body.conditions,
      withdrawnBy: numbering.refs(
        withdrawals.filter(({ id }) => ended.get(repetitions.keyOf(fact.id))?.has(id)),
      ),
      replacedBy: replacing.get(fact.id) ?? [],
      lifts: numbering.refs(body.replaces.flatMap((id) => reservations.get(id) ?? [])),
    };
  });
}

/** An agent needs a grant of everybody whom it speaks for; others may say under which one they speak. */
function isMandated({ body }: Fact<'consent'>, above: Fact<'consent'> | undefined): boolean {
  if (body.under === null) return body.role !== 'agent';
  return above !== undefined && body.makers.every((maker) => above.body.makers.includes(maker));
}

/**
 * A maker's own signature counts with a stated identity method: a key alone says nothing about whose
 * it is, and where a steward is said to vouch, one must do so for every maker. On paper or by import,
 * a steward or archivist answers for having seen it. An erased envelope shows no signature any more.
 */
function isTiedToMaker(fact: Fact<'consent'>, reading: Reading): boolean {
  const { identity, makers } = fact.body;
  if (!fact.carried) return fact.roles.includes('steward') || fact.roles.includes('archivist');
  if (isEnvelopeErased(fact, reading.facts)) return false;
  if (identity === 'steward') return makers.every((maker) => isVouchedFor(fact, maker, reading));
  return identity !== 'key';
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
  if (code !== null) return opensLock(code, consent.body.withdrawalCode, context.sha256);
  if (consents.length > 0) return true;
  const isOfMaker =
    makers.length === 0 || consent.body.makers.some((maker) => makers.includes(maker));
  return isOfMaker && !isBefore(withdrawal, consent, context);
}
