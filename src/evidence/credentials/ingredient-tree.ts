import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/dataset/canonical-json.ts';
import { codeList } from './code-list.ts';
import { type JsonMap, type Manifest, mapAt, textAt } from './cr-json.ts';
import { sourceTypesIn } from './source-types-in.ts';

/** How an ingredient went into a work (C2PA 2.2, 10.3). */
const RELATIONSHIPS = ['parentOf', 'componentOf', 'inputTo'] as const;
type Relationship = (typeof RELATIONSHIPS)[number];

const LABEL = /^c2pa\.ingredient(\.v\d+)?(__\d+)?$/;
const HARD_BINDING = 'c2pa.hash.';
/** Ingredients that are told one by one, the nearest first. */
const MOST_LISTED = 128;
/** Levels below the active manifest that are told: facts do not nest without end. */
const MOST_LEVELS = 16;
const MOST_OF_EACH = 8;

export interface Ingredient {
  readonly relationship: Relationship | null;
  /** Digest of its manifest ({@link manifestDigest}); null where it brings none. */
  readonly manifest: string | null;
  /** What is amiss with its manifest. */
  readonly codes: readonly string[];
  /** Source types that its manifest states, as URIs. */
  readonly digitalSourceTypes: readonly string[];
  /** What it was made from itself; empty where its manifest was met before, nearer to the file. */
  readonly ingredients: readonly Ingredient[];
}

/** Where an ingredient stands in the tree, and the title that the manifest above gives it. */
export interface IngredientTitle {
  readonly where: string;
  readonly title: string;
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
  /** The ingredients of the active manifest, each with its own. */
  readonly own: readonly Ingredient[];
  /** There are more than are told. */
  readonly isCut: boolean;
  readonly titles: readonly IngredientTitle[];
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
  const told = active === undefined ? UNTOLD : ingredientsBelow(active, byLabel);
  return { ingredients: all, withoutManifest, depth, isCyclic, ...told };
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
const UNTOLD = { own: [], isCut: false, titles: [] };

/** Goes breadth first, so that what is left out of a great tree is what is farthest. */
function ingredientsBelow(
  active: Manifest,
  byLabel: ReadonlyMap<string, Manifest>,
): Pick<IngredientTree, 'own' | 'isCut' | 'titles'> {
  const own: Ingredient[] = [];
  const titles: IngredientTitle[] = [];
  const met = new Set([active.label]);
  const waiting = [{ manifest: active, into: own, place: '', level: 1 }];
  let count = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const [at, assertion] of ingredientsOf(next.manifest).entries()) {
      if (count === MOST_LISTED || next.level > MOST_LEVELS) return { own, isCut: true, titles };
      count += 1;
      const ingredients: Ingredient[] = [];
      const manifest = byLabel.get(manifestLabel(assertion));
      const place = `${next.place}ingredients[${at}]`;
      next.into.push({ ...toIngredient(assertion, manifest), ingredients });
      titles.push({ where: place, title: textAt(assertion, 'dc:title') });
      if (manifest === undefined || met.has(manifest.label)) continue;
      met.add(manifest.label);
      waiting.push({ manifest, into: ingredients, place: `${place}.`, level: next.level + 1 });
    }
  }
  return { own, isCut: false, titles };
}

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

function toIngredient(
  assertion: JsonMap,
  manifest: Manifest | undefined,
): Omit<Ingredient, 'ingredients'> {
  const word = textAt(assertion, 'relationship');
  return {
    relationship: RELATIONSHIPS.find((relationship) => relationship === word) ?? null,
    manifest: manifest === undefined ? null : manifestDigest(manifest),
    codes: codeList(manifest?.failures ?? [], MOST_OF_EACH),
    digitalSourceTypes: sourceTypesIn(manifest === undefined ? [] : [manifest]).uris.slice(
      0,
      MOST_OF_EACH,
    ),
  };
}

/** Version 3 says `activeManifest`, earlier ones `c2pa_manifest`: a JUMBF URI, `…/c2pa/LABEL` and what lies below. */
function manifestLabel(ingredient: JsonMap): string {
  const link = mapAt(ingredient, 'activeManifest');
  const url = textAt(link, 'url') || textAt(mapAt(ingredient, 'c2pa_manifest'), 'url');
  return /\/c2pa\/([^/]+)/.exec(url)?.[1] ?? '';
}
