import { createHash, hash } from 'node:crypto';
import type { Split } from '../../core/dataset/manifest.ts';
import type { ReleaseMember } from '../../core/ports/release.ts';
import { mediaForm } from './media-form.ts';

/** A member, where it goes and what it is sorted by. */
export interface PlacedMember {
  readonly member: ReleaseMember;
  readonly config: string;
  readonly split: Split;
  readonly extension: string;
}

/** Either a side of the split, or what draws one: all of a group go to the same. */
type Placing =
  | { readonly split: Split }
  | { readonly seed: string; readonly validation: number; readonly group: string };

/** Divisor that makes the first 48 bits of a digest a number from 0 up to 1. */
const RANGE = 2 ** 48;

/** Returns the configuration and split of a member. */
export function placeMember(member: ReleaseMember, placing: Placing): PlacedMember {
  const split = 'split' in placing ? placing.split : drawn(placing);
  return { member, ...mediaForm(member.mediaType), split };
}

function drawn({ seed, validation, group }: Exclude<Placing, { readonly split: Split }>): Split {
  const draw = createHash('sha256').update(`${seed}\0split\0`).update(group).digest();
  return draw.readUIntBE(0, 6) / RANGE < validation ? 'validation' : 'train';
}

/**
 * Returns what the samples of a configuration and split are ordered by: hex of sha-256 over the seed
 * and the CID, both as text. So shards are shuffled, and everybody shuffles alike.
 */
export function orderKey(seed: string, cid: string): string {
  return hash('sha256', `${seed}${cid}`, 'hex');
}
