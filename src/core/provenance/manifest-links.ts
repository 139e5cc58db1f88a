import type { Finding } from '../ports/inspector.ts';
import type { BodyOf } from '../statements/kinds.ts';

type Relation = BodyOf<'derivation'>['relation'];

/** A manifest that an asset's credential names: its own (null), or that of what it was made from. */
export interface NamedManifest {
  /** As the inspector `credentials` calls it: a digest over its label and what it is bound to. */
  readonly manifest: string;
  readonly relation: Relation | null;
}

/** What C2PA calls an ingredient's part in a work, as the relation of a derivation. */
const RELATIONS: Readonly<Record<string, Relation>> = {
  parentOf: 'derived-from',
  componentOf: 'composed-of',
  inputTo: 'generated-with-input',
};

/** States of a credential whose binding to the bytes has been checked and holds. */
const BOUND: readonly unknown[] = ['valid', 'trusted', 'unestablished'];

/**
 * Returns the manifests that findings name. The asset's own counts only where its bytes are those that it
 * was signed for; what a file says of its ingredients speaks about it in any state.
 */
export function namedManifests(
  findings: readonly Pick<Finding, 'inspector' | 'facts'>[],
): readonly NamedManifest[] {
  return findings.flatMap(({ inspector, facts }) => {
    if (inspector !== 'credentials') return [];
    const { manifest, credential } = facts;
    const own = typeof manifest === 'string' && BOUND.includes(credential) ? [manifest] : [];
    const ingredients = Array.from(ingredientsIn(facts)).flatMap(
      ({ manifest: one, relation }): NamedManifest[] =>
        one === undefined ? [] : [{ manifest: one, relation }],
    );
    return [...own.map((one) => ({ manifest: one, relation: null })), ...ingredients];
  });
}

/**
 * Says whether a credential leaves open what went into the work: there is more than was read of it, or something
 * was given to a program that made what came out.
 */
export function leavesOpen({ inspector, facts }: Pick<Finding, 'inspector' | 'facts'>): boolean {
  if (inspector !== 'credentials') return false;
  if (mapOf(facts['ingredients'])['cut'] === true) return true;
  for (const { relation } of ingredientsIn(facts)) if (BY_PROGRAM.has(relation)) return true;
  return false;
}

const BY_PROGRAM: ReadonlySet<Relation> = new Set(['generated-with-input', 'generative-edit']);

/** An ingredient, which may have gone into a work at several places. */
interface Node {
  readonly manifest: string | undefined;
  readonly below: Edge[];
}
interface Edge {
  readonly to: Node;
  readonly relation: Relation;
}

/**
 * Yields each ingredient of all levels with each relation that it has to the work. What one is made from is told
 * where its manifest is met first, and counts for every other place.
 */
function* ingredientsIn(
  facts: Finding['facts'],
): Generator<{ readonly manifest: string | undefined; readonly relation: Relation }> {
  const met = new Map<Node, Set<Relation>>();
  const waiting: Edge[] = [...ingredientGraph(facts)];
  for (let edge = waiting.pop(); edge !== undefined; edge = waiting.pop()) {
    const { to, relation } = edge;
    const relations = met.get(to) ?? new Set();
    if (relations.has(relation)) continue;
    met.set(to, relations.add(relation));
    yield { manifest: to.manifest, relation };
    for (const next of to.below) {
      waiting.push({ to: next.to, relation: through(relation, next.relation) });
    }
  }
}

/** Reads the ingredients of a work. A finding comes from any member, so nothing is taken to have a form. */
function ingredientGraph(facts: Finding['facts']): readonly Edge[] {
  const byManifest = new Map<string, Node>();
  const own: Edge[] = [];
  const waiting = [{ list: mapOf(facts['ingredients'])['own'], into: own }];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (const one of Array.isArray(level.list) ? level.list : []) {
      const { manifest, relationship, ingredients } = mapOf(one);
      const name = typeof manifest === 'string' ? manifest : undefined;
      const to = (name === undefined ? undefined : byManifest.get(name)) ?? {
        manifest: name,
        below: [],
      };
      if (name !== undefined) byManifest.set(name, to);
      // What part it had in the work was not said: as if it were the whole of it.
      level.into.push({ to, relation: RELATIONS[String(relationship)] ?? 'derived-from' });
      waiting.push({ list: ingredients, into: to.below });
    }
  }
  return own;
}

/** Returns how a work came out of what its ingredient came out of: so that as much taint is handed on. */
function through(above: Relation, below: Relation): Relation {
  if (above === 'derived-from') return below;
  if (above !== 'composed-of') return above;
  return below === 'generated-with-input' ? 'generative-edit' : above;
}

function mapOf(value: unknown): Finding['facts'] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as Finding['facts']) : {};
}
