import type { EntryHash } from '../../statements/fields.ts';
import type { FactContext } from './fact-context.ts';

interface Placed {
  readonly id: string;
  readonly entry: EntryHash;
  readonly clock: number;
}

/**
 * Says whether `a` was in the past of `b` when `b` was written. Statements of one entry count as
 * concurrent: whoever means an order names what is replaced or ended.
 */
export function isBefore(a: Placed, b: Placed, context: FactContext): boolean {
  return a.clock < b.clock && context.isAncestor(a.entry, b.entry);
}

/** Returns those that no other of the list comes after. */
export function latest<T extends Placed>(facts: readonly T[], context: FactContext): readonly T[] {
  if (facts.length < 2) return facts;
  return facts.filter((fact) => !facts.some((other) => isBefore(fact, other, context)));
}

/**
 * Returns the facts in an order that depends on what they say (ids only break ties), so that assets
 * about which the same was said get the same numbers.
 */
export function ordered<T extends { readonly id: string }>(
  facts: readonly T[],
  contentOf: (fact: T) => string,
): readonly T[] {
  if (facts.length < 2) return facts;
  return facts
    .map((fact) => ({ fact, content: contentOf(fact) }))
    .sort((a, b) => compare(a.content, b.content) || compare(a.fact.id, b.fact.id))
    .map(({ fact }) => fact);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
