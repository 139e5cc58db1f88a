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
    return [...own.map((one) => ({ manifest: one, relation: null })), ...ingredientsIn(facts)];
  });
}

/** Goes through all levels. A finding comes from any member, so nothing is taken to have a form. */
function* ingredientsIn(facts: Finding['facts']): Generator<NamedManifest> {
  const waiting: Level[] = [{ list: mapOf(facts['ingredients'])['own'], above: 'derived-from' }];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (const one of Array.isArray(level.list) ? level.list : []) {
      const { manifest, relationship, ingredients } = mapOf(one);
      // What part it had in the work was not said: as if it were the whole of it.
      const relation = through(level.above, RELATIONS[String(relationship)] ?? 'derived-from');
      if (typeof manifest === 'string') yield { manifest, relation };
      waiting.push({ list: ingredients, above: relation });
    }
  }
}

interface Level {
  readonly list: unknown;
  /** How the work came out of what these are ingredients of. */
  readonly above: Relation;
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
