import type { Cid } from '../../cid.ts';
import { type AssetFacts, type Fact, factsOf } from '../../provenance/facts.ts';
import { leavesOpen } from '../../provenance/manifest-links.ts';
import type {
  DecisionInput,
  DerivationInput,
  MasterInput,
  Ref,
  RegistrationInput,
} from '../input.ts';
import type { TaintEdge } from '../taint.ts';
import { ownWithholding } from '../withholding.ts';
import { isBefore, ordered } from './order.ts';
import type { Reading } from './reading.ts';

type Stemming = Fact<'derivation'> | Fact<'rendition'>;

/** Returns what the asset was made from. A rendition is a derivation by a recipe. */
export function edgesOf(facts: AssetFacts): readonly TaintEdge[] {
  return stemmingOf(facts).map((fact) => ({
    parent: fact.body.parent,
    relation: relationOf(fact),
  }));
}

/** Returns the derivations with what is known of each parent, and the way to where its taint comes from. */
export function derivationsOf({ facts, numbering, context }: Reading): {
  readonly derivations: readonly DerivationInput[];
  readonly paths: readonly (readonly Cid[])[];
} {
  const known = stemmingOf(facts).map((fact) => ({
    fact,
    relation: relationOf(fact),
    parent: context.taintOf(fact.body.parent),
  }));
  return {
    derivations: known.map(({ fact, relation, parent }) => ({
      ref: numbering.ref(fact),
      relation,
      parent: parent?.taint ?? 'UNKNOWN',
    })),
    paths: known.map(({ fact, parent }) =>
      parent === undefined || parent.path.length === 0 ? [fact.body.parent] : parent.path,
    ),
  };
}

/** Returns the findings by which the file's own credential does not tell all that it was made from. */
export function untoldOf({ found, numbering }: Reading): readonly Ref[] {
  const open = found.filter(({ finding }) => leavesOpen(finding));
  return numbering.refs(open.map(({ fact }) => fact));
}

/**
 * Returns the works that the asset is said to be a rendition of, whoever says it, with who says the
 * same. The version of a tool may differ: whoever made it anew has another.
 */
export function mastersOf(reading: Reading): readonly MasterInput[] {
  const { facts, numbering, context, isContradicted } = reading;
  const renditions = factsOf(facts, 'rendition');
  const derivations = factsOf(facts, 'derivation').length;
  const counted = renditions.filter(({ id, carried }) => !carried && !isContradicted(id));
  const sayers = Map.groupBy(counted, making);
  const institutions = new Set(context.institutions.map(({ id }) => id));
  return renditions.map((fact, place) => {
    const said = sayers.get(making(fact)) ?? [];
    const organisations = new Set(said.map(({ organisation }) => organisation));
    const numbers = Array.from(organisations, (id) => numbering.organisation(id));
    return {
      ref: numbering.ref(fact),
      input: context.masterOf?.(fact.body.parent) ?? null,
      withheld: context.withheldOf?.(fact.body.parent) ?? [],
      organisations: numbers.sort((a, b) => a - b),
      isByInstitution: !organisations.isDisjointFrom(institutions),
      derivation: derivations + place,
    };
  });
}

/**
 * Returns what a work hands on to its renditions: all but its copies. A work that is not deposited
 * hands on nothing, and neither does a rendition, so there are no chains and no cycles. What is not to be
 * given out says so all the same: nobody frees its renditions by calling it one.
 */
export function masterInput(input: DecisionInput): DecisionInput | undefined {
  const isFirst = input.deposits.length > 0 && input.masters.length === 0;
  if (!isFirst && ownWithholding(input).length === 0) return undefined;
  return { ...input, copies: [], losses: [] };
}

/** Returns how a rendition was made, whatever the version. Keys come in the order of whoever wrote them. */
function making({ body: { parent, recipe, tool, parameters } }: Fact<'rendition'>): string {
  return JSON.stringify([parent, recipe, tool, Object.entries(parameters).sort()]);
}

/** Returns what the registry of generated works says of this very asset. */
export function registrationsOf({
  facts,
  numbering,
  context,
  endings,
}: Reading): readonly RegistrationInput[] {
  const deposits = factsOf(facts, 'deposit');
  const registrations = ordered(factsOf(facts, 'synthetic'), (fact) => fact.body.basis);
  return registrations.map((fact) => ({
    ref: numbering.ref(fact),
    isProof:
      fact.body.basis === 'operator' &&
      fact.roles.includes('agent') &&
      !endings.isContested(fact.id) &&
      deposits.every((deposit) => isBefore(fact, deposit, context)),
    endedBy: endings.of(fact.id, 'two-organisations'),
  }));
}

function stemmingOf(facts: AssetFacts): readonly Stemming[] {
  return [
    ...ordered(factsOf(facts, 'derivation'), (fact) => fact.body.relation),
    ...factsOf(facts, 'rendition'),
  ];
}

function relationOf(fact: Stemming): TaintEdge['relation'] {
  return 'relation' in fact.body ? fact.body.relation : 'derived-from';
}
