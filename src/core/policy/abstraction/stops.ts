import { type Fact, factsOf } from '../../provenance/facts.ts';
import type { FlagInput, StopInput, StopKind } from '../input.ts';
import { attestationsOf, laterDefectsOf } from './attestations.ts';
import { descriptionsOf } from './descriptions.ts';
import type { Enders } from './endings.ts';
import { erasuresOf } from './erased.ts';
import type { FactContext } from './fact-context.ts';
import { isBefore, ordered } from './order.ts';
import type { Reading } from './reading.ts';

type Stopping = 'takedown' | 'removal' | 'erasure' | 'quarantine' | 'dispute' | 'hold';

/** Returns everything that stops the asset, or did until it was ended. */
export function stopsOf(reading: Reading): readonly StopInput[] {
  const { facts, numbering, endings } = reading;
  const stops: StopInput[] = [];
  const add = (kind: StopKind, fact: Fact<Stopping>, enders: Enders) => {
    stops.push({ kind, ref: numbering.ref(fact), endedBy: endings.of(fact.id, enders) });
  };
  for (const fact of factsOf(facts, 'takedown')) add('takedown', fact, 'steward');
  for (const fact of factsOf(facts, 'removal')) add('removal', fact, 'steward');
  for (const fact of descriptionErasures(reading)) add('erasure', fact, 'steward');
  for (const fact of factsOf(facts, 'quarantine')) add('quarantine', fact, 'one');
  for (const fact of factsOf(facts, 'dispute')) add('dispute', fact, 'one');
  for (const fact of ordered(factsOf(facts, 'hold'), (hold) => hold.body.source)) {
    const { source } = fact.body;
    if (source === 'match') add('match', fact, 'two-organisations');
    else add(source === 'detector' ? 'detector' : 'hold', fact, 'one');
  }
  for (const defect of laterDefectsOf(attestationsOf(reading))) {
    const endedBy = endings.of(defect.id, 'two-organisations');
    stops.push({ kind: 'sample-defect', ref: numbering.ref(defect), endedBy });
  }
  return stops;
}

/** Erasures of a record that says what a deposit is, and that no later description took the place of. */
function descriptionErasures(reading: Reading): readonly Fact<'erasure'>[] {
  const { facts } = reading;
  if (factsOf(facts, 'erasure').length === 0) return [];
  const erasures = new Set<Fact<'erasure'>>();
  for (const deposit of factsOf(facts, 'deposit')) {
    const { own, others } = descriptionsOf(deposit, reading);
    for (const { author, body } of own.length === 0 ? [deposit, ...others] : [...own, ...others]) {
      for (const erasure of erasuresOf(body.record, author, facts)) erasures.add(erasure);
    }
  }
  return factsOf(facts, 'erasure').filter((fact) => erasures.has(fact));
}

/**
 * Returns the flags that were raised. A later clearing of the same flag on the asset itself, or a
 * resolution, lifts it; a flag raised on a set is lifted by a resolution only. Who deposited the asset
 * does not clear what another organisation flagged.
 */
export function flagsOf({ facts, numbering, context, endings }: Reading): readonly FlagInput[] {
  const depositors = new Set(factsOf(facts, 'deposit').map((fact) => fact.organisation));
  const isByParty = (by: Fact<'flag'>, raised: Fact<'flag'>) =>
    by.organisation !== raised.organisation && depositors.has(by.organisation);
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
      endedBy: endings.of(raised.id, 'one'),
      clearings: flags
        .filter((fact) => isClearing(fact, raised, context) && !isByParty(fact, raised))
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
