import type { ReleaseManifest } from '../core/dataset/manifest.ts';
import { LEVELS } from '../core/policy/documents.ts';
import type { ReleaseMember } from '../core/ports/release.ts';

export type ReleaseCounts = ReleaseManifest['counts'];

/** Counts members by what the manifest and the card say of them. */
export interface Tally {
  add(member: ReleaseMember): void;
  counts(shards: number): ReleaseCounts;
}

export function createTally(): Tally {
  const licences = new Map<string, number>();
  const levels = new Map<string, number>();
  let assets = 0;
  let bytes = 0;
  let selfVetted = 0;

  return {
    add(member) {
      assets += 1;
      bytes += member.size;
      if (member.selfVetted) selfVetted += 1;
      licences.set(member.licence, (licences.get(member.licence) ?? 0) + 1);
      levels.set(member.level, (levels.get(member.level) ?? 0) + 1);
    },

    counts(shards) {
      const found = LEVELS.flatMap((level) => {
        const count = levels.get(level);
        return count === undefined ? [] : [[level, count] as const];
      });
      return {
        assets,
        bytes,
        shards,
        licences: Object.fromEntries(licences),
        levels: Object.fromEntries(found),
        selfVetted,
      };
    },
  };
}
