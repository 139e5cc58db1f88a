import type { DecisionInput, Ref, StopKind } from '../input.ts';

/** What asks that an asset is not held, or given to nobody, until it is ended: rule R2. */
export const UNLAWFUL: readonly StopKind[] = ['takedown', 'removal', 'erasure', 'quarantine'];

/** Returns the open stops of these kinds, and the resolutions that ended others. */
export function stopsOfKind(
  input: DecisionInput,
  kinds: readonly StopKind[],
): {
  readonly open: readonly Ref[];
  readonly first: StopKind | undefined;
  readonly ends: readonly Ref[];
} {
  const open: Ref[] = [];
  const ends: Ref[] = [];
  let first: StopKind | undefined;
  for (const kind of kinds) {
    for (const stop of input.stops) {
      if (stop.kind !== kind) continue;
      if (stop.endedBy.length > 0) ends.push(stop.ref, ...stop.endedBy);
      else {
        open.push(stop.ref);
        first ??= kind;
      }
    }
  }
  return { open, first, ends };
}
