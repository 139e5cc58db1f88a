import type { Cid } from '../cid.ts';
import { assetStatus } from '../provenance/asset-status.ts';
import type { DecisionInput } from './input.ts';
import { stopsOfKind, UNLAWFUL } from './rules/stops.ts';

/** Why the bytes of a work are given to nobody who could read them otherwise. */
export type Withholding = 'stopped' | 'withdrawn';

/** A work as {@link withheldAlong} sees it. */
export interface WithheldNode {
  /** What its own facts say. */
  readonly withheld: readonly Withholding[];
  /** Works that it is said to be a rendition of. */
  readonly masters: readonly Cid[];
}

/** Returns what a work's own facts say; what is said of its masters is left out. */
export function ownWithholding(input: DecisionInput): readonly Withholding[] {
  const found: Withholding[] = [];
  if (stopsOfKind(input, UNLAWFUL).open.length > 0) found.push('stopped');
  if (assetStatus(input) === 'withdrawn') found.push('withdrawn');
  return found;
}

/**
 * Returns why a work, or any that it comes from by renditions, is given to nobody, sorted. Works are met once each, so
 * chains of any length and cycles come to an end.
 *
 * @param known What was found before, of works in the same state.
 */
export function withheldAlong(
  work: Cid,
  read: (work: Cid) => WithheldNode | undefined,
  known: ReadonlyMap<Cid, readonly Withholding[]>,
): readonly Withholding[] {
  const found = new Set<Withholding>();
  const met = new Set([work]);
  for (const one of met) {
    const before = known.get(one);
    const node = before === undefined ? read(one) : undefined;
    for (const why of before ?? node?.withheld ?? []) found.add(why);
    for (const master of node?.masters ?? []) met.add(master);
  }
  return [...found].sort();
}
