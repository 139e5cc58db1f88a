import { assertionsOf, type JsonMap, type Manifest, mapOf, textAt } from './cr-json.ts';

/** What may be done with a file, by the words of its manifests. */
export type Use = 'allowed' | 'constrained' | 'notAllowed';

/** C2PA 1.4 (until it was taken over) and CAWG Training and Data Mining 1.1. */
const LABELS = ['c2pa.training-mining', 'cawg.training-mining'];
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MOST_KEYS = 64;
const STRICTNESS: readonly Use[] = ['allowed', 'constrained', 'notAllowed'];

/**
 * Returns the uses that any manifest of the store speaks of, under the keys of both vocabularies
 * (`c2pa.ai_training`, `cawg.ai_training`): of several statements the strictest. A word that is none of
 * the three counts as `notAllowed`.
 */
export function trainingMiningOf(manifests: readonly Manifest[]): Readonly<Record<string, Use>> {
  const uses = new Map<string, Use>();
  for (const manifest of manifests) {
    for (const label of LABELS) {
      for (const assertion of assertionsOf(manifest, label)) addUses(assertion, uses);
    }
  }
  return Object.fromEntries([...uses].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Version 1.0 had the entries without the map around them. */
function addUses(assertion: JsonMap, uses: Map<string, Use>): void {
  const entries = mapOf(assertion['entries'] ?? assertion);
  for (const [key, entry] of Object.entries(entries)) {
    if (!KEY.test(key) || (uses.size === MOST_KEYS && !uses.has(key))) continue;
    if (entries === assertion && !key.includes('.')) continue;
    const use = useOf(textAt(mapOf(entry), 'use'));
    uses.set(key, stricter(use, uses.get(key) ?? use));
  }
}

function useOf(word: string): Use {
  return STRICTNESS.find((use) => use === word) ?? 'notAllowed';
}

function stricter(a: Use, b: Use): Use {
  return STRICTNESS.indexOf(a) < STRICTNESS.indexOf(b) ? b : a;
}
