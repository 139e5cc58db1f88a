import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import { dayOf } from '../days.ts';
import type { CopyInput, Ref } from '../input.ts';
import type { Numbering } from './numbering.ts';
import { isBefore, ordered } from './order.ts';
import type { Reading } from './reading.ts';

type CopyFact = Fact<'deposit'> | Fact<'holding'> | Fact<'fixity'>;

/** What was said about one node's copy. */
interface Told {
  /** The node's own deposits, its first proof. */
  readonly deposits: CopyFact[];
  /** Challenges by others that it passed. */
  readonly passed: CopyFact[];
  /** Its own checks that found the copy whole. */
  readonly renewed: CopyFact[];
  /** Challenges that it failed, or did not answer. */
  readonly failed: CopyFact[];
  /** Its own checks that found the copy damaged or gone. */
  readonly lost: CopyFact[];
}

/**
 * Returns the proven copies, most recently proven first, and what took others away.
 *
 * A copy that its node found lost comes back by a later check of any sort, one that failed a
 * challenge only by a later challenge that it passed. A node's word alone never makes a copy.
 */
export function copiesOf({ facts, numbering, context }: Reading): {
  readonly copies: readonly CopyInput[];
  readonly losses: readonly Ref[];
} {
  const copies: CopyInput[] = [];
  const losses: Ref[] = [];
  for (const told of toldByNode(facts, numbering).values()) {
    const refusals = [...told.failed, ...told.lost];
    if (told.deposits.length + told.passed.length === 0) continue;
    const isAfterAll = (fact: CopyFact) => refusals.every((one) => isBefore(one, fact, context));
    const restorers = told.failed.length > 0 ? told.passed : proofsOf(told);
    if (!restorers.some(isAfterAll)) {
      losses.push(...numbering.refs(refusals));
      continue;
    }
    copies.push(copyOf(proofsOf(told).filter(isAfterAll), numbering));
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

function proofsOf(told: Told): readonly CopyFact[] {
  return [...told.deposits, ...told.passed, ...told.renewed];
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
