import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import type { FlagInput, StopInput, StopKind } from '../input.ts';
import { type Enders, endsOf } from './ends.ts';
import type { FactContext } from './fact-context.ts';
import type { Numbering } from './numbering.ts';
import { isBefore, latest, ordered } from './order.ts';

type Stopping = 'takedown' | 'removal' | 'erasure' | 'quarantine' | 'dispute' | 'hold';

/** Returns everything that stops the asset, or did until it was ended. */
export function stopsOf(
  facts: AssetFacts,
  numbering: Numbering,
  context: FactContext,
): readonly StopInput[] {
  const stops: StopInput[] = [];
  const add = (kind: StopKind, fact: Fact<Stopping>, enders: Enders) => {
    const endedBy = endsOf(fact.id, enders, facts, numbering, context);
    stops.push({ kind, ref: numbering.ref(fact), endedBy });
  };
  for (const fact of factsOf(facts, 'takedown')) add('takedown', fact, 'steward');
  for (const fact of factsOf(facts, 'removal')) add('removal', fact, 'steward');
  for (const fact of erasuresOf(facts, context)) add('erasure', fact, 'steward');
  for (const fact of factsOf(facts, 'quarantine')) add('quarantine', fact, 'one');
  for (const fact of factsOf(facts, 'dispute')) add('dispute', fact, 'one');
  for (const fact of ordered(factsOf(facts, 'hold'), (hold) => hold.body.source)) {
    const { source } = fact.body;
    if (source === 'match') add('match', fact, 'two-organisations');
    else add(source === 'detector' ? 'detector' : 'hold', fact, 'one');
  }
  return stops;
}

/** Erasures of a record that says what a deposit is, and that no later description took the place of. */
function erasuresOf(facts: AssetFacts, context: FactContext): readonly Fact<'erasure'>[] {
  const erasures = factsOf(facts, 'erasure');
  if (erasures.length === 0) return [];
  const descriptions = factsOf(facts, 'description');
  const records = new Set<string>();
  for (const deposit of factsOf(facts, 'deposit')) {
    const said = latest(
      descriptions.filter((fact) => fact.body.deposit === deposit.id),
      context,
    );
    if (said.length === 0) records.add(deposit.body.record);
    for (const { body } of said) records.add(body.record);
  }
  return erasures.filter((fact) => fact.body.records.some((record) => records.has(record)));
}

/**
 * Returns the flags that were raised. A later clearing of the same flag on the asset itself, or a
 * resolution, lifts it; a flag raised on a set is lifted by a resolution only.
 */
export function flagsOf(
  facts: AssetFacts,
  numbering: Numbering,
  context: FactContext,
): readonly FlagInput[] {
  const flags = ordered(
    factsOf(facts, 'flag'),
    (fact) => `${fact.body.flag} ${fact.body.purposes}`,
  );
  return flags
    .filter((fact) => fact.body.state === 'raised')
    .map((raised) => ({
      ref: numbering.ref(raised),
      flag: raised.body.flag,
      purposes: raised.body.purposes,
      endedBy: endsOf(raised.id, 'one', facts, numbering, context),
      clearings: flags
        .filter((fact) => isClearing(fact, raised, context))
        .map((fact) => ({ ref: numbering.ref(fact), purposes: fact.body.purposes })),
    }));
}

function isClearing(fact: Fact<'flag'>, raised: Fact<'flag'>, context: FactContext): boolean {
  return (
    fact.body.state === 'cleared' &&
    fact.body.flag === raised.body.flag &&
    fact.body.label === raised.body.label &&
    !fact.bySet &&
    !raised.bySet &&
    isBefore(raised, fact, context)
  );
}
