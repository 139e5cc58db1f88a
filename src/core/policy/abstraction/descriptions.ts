import { type Fact, factsOf } from '../../provenance/facts.ts';
import { latest } from './order.ts';
import type { Reading } from './reading.ts';

/** What was said of a deposit after it was made. */
export interface Descriptions {
  /** The last by the depositing organisation: they take the place of what the deposit said. */
  readonly own: readonly Fact<'description'>[];
  /** By others: they can add and take nothing away. */
  readonly others: readonly Fact<'description'>[];
}

const NONE: Descriptions = { own: [], others: [] };

export function descriptionsOf(
  deposit: Fact<'deposit'>,
  { facts, context }: Reading,
): Descriptions {
  const all = factsOf(facts, 'description');
  if (all.length === 0) return NONE;
  const of = all.filter((fact) => fact.body.deposit === deposit.id);
  const isOwn = (fact: Fact<'description'>) => fact.organisation === deposit.organisation;
  return {
    own: latest(of.filter(isOwn), context),
    others: of.filter((fact) => !isOwn(fact)),
  };
}
