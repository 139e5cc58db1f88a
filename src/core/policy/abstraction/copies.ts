import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import { type CopyHistory, standingProofs } from '../../provenance/standing-proofs.ts';
import { dayOf } from '../days.ts';
import type { CopyInput, Ref } from '../input.ts';
import type { Numbering } from './numbering.ts';
import { isBefore, ordered } from './order.ts';
import type { Reading } from './reading.ts';

type CopyFact = Fact<'deposit'> | Fact<'holding'> | Fact<'fixity'>;

type Told = { [Sort in keyof CopyHistory<CopyFact>]: CopyFact[] };

/** Returns the proven copies, most recently proven first, and what took others away. */
export function copiesOf({ facts, numbering, context }: Reading): {
  readonly copies: readonly CopyInput[];
  readonly losses: readonly Ref[];
} {
  const copies: CopyInput[] = [];
  const losses: Ref[] = [];
  for (const told of toldByNode(facts, numbering).values()) {
    if (told.deposits.length + told.passed.length === 0) continue;
    const proofs = standingProofs(told, (a, b) => isBefore(a, b, context));
    if (proofs.length > 0) copies.push(copyOf(proofs, numbering));
    else losses.push(...numbering.refs([...told.failed, ...told.lost]));
  }
  return { copies: copies.sort((a, b) => b.day - a.day || first(a) - first(b)), losses };
}

function toldByNode(facts: AssetFacts, numbering: Numbering): Map<string, Told> {
  const nodes = new Map<string, Told>();
  const of = (node: string): Told => {
    const told = nodes.get(node) ?? { deposits: [], passed: [], renewed: [], failed: [], lost: [] };
    nodes.set(node, told);
    return told;
  };
  const deposits = [...factsOf(facts, 'deposit')];
  // Deposits have their numbers already, in an order that does not depend on how entries hash.
  deposits.sort((a, b) => numbering.ref(a) - numbering.ref(b));
  for (const fact of deposits) of(fact.author).deposits.push(fact);
  for (const fact of ordered(factsOf(facts, 'holding'), dayText)) {
    const { holder, outcome } = fact.body;
    if (outcome !== 'proven') of(holder).failed.push(fact);
    else if (fact.author !== holder) of(holder).passed.push(fact);
  }
  for (const fact of ordered(factsOf(facts, 'fixity'), dayText)) {
    const isWhole = fact.body.outcome === 'intact' || fact.body.outcome === 'repaired';
    (isWhole ? of(fact.author).renewed : of(fact.author).lost).push(fact);
  }
  return nodes;
}

function dayText(fact: CopyFact): string {
  return fact.at.slice(0, 10);
}

/** The copy that these proofs show; there is at least one. */
function copyOf(proofs: readonly CopyFact[], numbering: Numbering): CopyInput {
  let newest: CopyFact | undefined;
  let day = Number.NEGATIVE_INFINITY;
  for (const proof of proofs) {
    const proven = dayOf(proof.at);
    if (proven <= day) continue;
    day = proven;
    newest = proof;
  }
  const shown = [proofs[0], newest].filter((fact) => fact !== undefined);
  return { refs: [...new Set(numbering.refs(shown))], day };
}

function first(copy: CopyInput): Ref {
  return copy.refs[0] ?? 0;
}
