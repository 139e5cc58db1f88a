import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/dataset/canonical-json.ts';
import { type JsonMap, type Manifest, mapAt, textAt } from './cr-json.ts';

/** How an ingredient went into a work (C2PA 2.2, 10.3). */
const RELATIONSHIPS = ['parentOf', 'componentOf', 'inputTo'] as const;
type Relationship = (typeof RELATIONSHIPS)[number];

const LABEL = /^c2pa\.ingredient(\.v\d+)?(__\d+)?$/;
const HARD_BINDING = 'c2pa.hash.';
const MOST_LISTED = 64;

export interface Ingredient {
  readonly relationship: Relationship | null;
  /** Digest of its manifest ({@link manifestDigest}); null where it brings none. */
  readonly manifest: string | null;
}

/** What a file was made from, by its manifests. */
export interface IngredientTree {
  readonly ingredients: number;
  /** Ingredients that bring no manifest of their own. */
  readonly withoutManifest: number;
  /** Levels of manifests below the active one. */
  readonly depth: number;
  /** A manifest comes up again below itself; the tree is cut there. */
  readonly isCyclic: boolean;
  /** The first ingredients of the active manifest. */
  readonly own: readonly Ingredient[];
}

/** Returns a summary of the tree of ingredients below the first of these manifests. */
export function ingredientTree(manifests: readonly Manifest[]): IngredientTree {
  const byLabel = new Map(manifests.map((manifest) => [manifest.label, manifest]));
  const [active] = manifests;
  let all = 0;
  let withoutManifest = 0;
  for (const manifest of manifests) {
    for (const ingredient of ingredientsOf(manifest)) {
      all += 1;
      if (manifestLabel(ingredient) === '') withoutManifest += 1;
    }
  }
  const { depth, isCyclic } = active === undefined ? FLAT : shapeBelow(active, byLabel);
  const own =
    active === undefined
      ? []
      : ingredientsOf(active)
          .slice(0, MOST_LISTED)
          .map((ingredient) => toIngredient(ingredient, byLabel));
  return { ingredients: all, withoutManifest, depth, isCyclic, own };
}

/**
 * Returns the name by which findings call a manifest: SHA-256 over its label and its hard bindings, which are
 * digests of the bytes that it was signed for. So it is the same in the file itself and in whatever was made from it,
 * and nobody can give other bytes a manifest of the same name.
 */
export function manifestDigest({
  label,
  assertions,
}: Pick<Manifest, 'label' | 'assertions'>): string {
  const bindings = Object.entries(assertions).filter(([name]) => name.startsWith(HARD_BINDING));
  const named = canonicalJson([label, Object.fromEntries(bindings)]);
  return createHash('sha256').update(named).digest('hex');
}

const FLAT = { depth: 0, isCyclic: false };

interface Step {
  readonly children: Iterator<string>;
  readonly label: string;
}

/** Walks depth first with a stack of its own; each manifest is entered once. */
function shapeBelow(active: Manifest, byLabel: ReadonlyMap<string, Manifest>): typeof FLAT {
  const open = new Set<string>();
  const done = new Set<string>();
  const stack: Step[] = [];
  let depth = 0;
  let isCyclic = false;
  const enter = (manifest: Manifest) => {
    open.add(manifest.label);
    const children = ingredientsOf(manifest).map(manifestLabel);
    stack.push({ label: manifest.label, children: children.values() });
    depth = Math.max(depth, stack.length - 1);
  };
  enter(active);
  for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
    const next = step.children.next();
    if (next.done === true) {
      stack.pop();
      open.delete(step.label);
      done.add(step.label);
      continue;
    }
    const child = byLabel.get(next.value);
    if (child === undefined || done.has(child.label)) continue;
    if (open.has(child.label)) isCyclic = true;
    else enter(child);
  }
  return { depth, isCyclic };
}

function ingredientsOf(manifest: Manifest): JsonMap[] {
  return Object.keys(manifest.assertions)
    .filter((label) => LABEL.test(label))
    .map((label) => mapAt(manifest.assertions, label));
}

function toIngredient(ingredient: JsonMap, byLabel: ReadonlyMap<string, Manifest>): Ingredient {
  const word = textAt(ingredient, 'relationship');
  const manifest = byLabel.get(manifestLabel(ingredient));
  return {
    relationship: RELATIONSHIPS.find((relationship) => relationship === word) ?? null,
    manifest: manifest === undefined ? null : manifestDigest(manifest),
  };
}

/** Version 3 says `activeManifest`, earlier ones `c2pa_manifest`: a JUMBF URI, `…/c2pa/LABEL` and what lies below. */
function manifestLabel(ingredient: JsonMap): string {
  const link = mapAt(ingredient, 'activeManifest');
  const url = textAt(link, 'url') || textAt(mapAt(ingredient, 'c2pa_manifest'), 'url');
  return /\/c2pa\/([^/]+)/.exec(url)?.[1] ?? '';
}
