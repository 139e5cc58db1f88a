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

function* ingredientsIn(facts: Finding['facts']): Generator<NamedManifest> {
  const list = mapOf(facts['ingredients'])['own'];
  for (const ingredient of Array.isArray(list) ? list : []) {
    const { manifest, relationship } = mapOf(ingredient);
    if (typeof manifest !== 'string') continue;
    // What part it had in the work was not said: as if it were the whole of it.
    yield { manifest, relation: RELATIONS[String(relationship)] ?? 'derived-from' };
  }
}

function mapOf(value: unknown): Finding['facts'] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as Finding['facts']) : {};
}
