import { createHash } from 'node:crypto';
import { type JsonMap, type Manifest, mapAt, textAt } from './cr-json.ts';

/** How an ingredient went into a work (C2PA 2.2, 10.3). */
const RELATIONSHIPS = ['parentOf', 'componentOf', 'inputTo'] as const;
type Relationship = (typeof RELATIONSHIPS)[number];

const LABEL = /^c2pa\.ingredient(\.v\d+)?(__\d+)?$/;
const MOST_LISTED = 64;

export interface Ingredient {
  readonly relationship: Relationship | null;
  /** SHA-256 of the label of its manifest, hexadecimal; null where it brings none. */
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
    active === undefined ? [] : ingredientsOf(active).slice(0, MOST_LISTED).map(toIngredient);
  return { ingredients: all, withoutManifest, depth, isCyclic, own };
}

/** Returns the name by which findings call a manifest. */
export function manifestDigest(label: string): string {
  return createHash('sha256').update(label).digest('hex');
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

function toIngredient(ingredient: JsonMap): Ingredient {
  const word = textAt(ingredient, 'relationship');
  const label = manifestLabel(ingredient);
  return {
    relationship: RELATIONSHIPS.find((relationship) => relationship === word) ?? null,
    manifest: label === '' ? null : manifestDigest(label),
  };
}

/** Version 3 says `activeManifest`, earlier ones `c2pa_manifest`: a JUMBF URI whose end is the label. */
function manifestLabel(ingredient: JsonMap): string {
  const link = mapAt(ingredient, 'activeManifest');
  const url = textAt(link, 'url') || textAt(mapAt(ingredient, 'c2pa_manifest'), 'url');
  return url.slice(url.lastIndexOf('/') + 1);
}
