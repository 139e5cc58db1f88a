import type { AssetFacts } from '../../provenance/facts.ts';
import { ownTaint } from '../origin.ts';
import type { TaintNode } from '../taint.ts';
import { contradictedBy, contradictionsOf } from './contradictions.ts';
import type { StateContext } from './fact-context.ts';
import { edgesOf, registrationsOf } from './lineage.ts';
import { Numbering } from './numbering.ts';
import { originsOf } from './origins.ts';

/** Returns what `leastTaints` needs of an asset: what its own facts say, and what it was made from. */
export function taintNodeOf(facts: AssetFacts, context: StateContext): TaintNode {
  const numbering = new Numbering();
  const contradictions = contradictionsOf(facts, numbering, context);
  return {
    own: ownTaint({
      origins: originsOf(facts, numbering, context, contradictedBy(contradictions)),
      registrations: registrationsOf(facts, numbering, context),
    }),
    edges: edgesOf(facts),
  };
}
