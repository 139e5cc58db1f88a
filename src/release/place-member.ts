import { createHash, hash } from 'node:crypto';
import type { Split } from '../core/dataset/manifest.ts';
import type { ReleaseMember } from '../core/ports/release.ts';
import { mediaForm } from './media-form.ts';

/** A member, where it goes and what it is sorted by. */
export interface PlacedMember {
  readonly member: ReleaseMember;
  readonly config: string;
  readonly split: Split;
  readonly extension: string;
}

/** Divisor that makes the first 48 bits of a digest a number from 0 up to 1. */
const RANGE = 2 ** 48;

/**
 * Returns the configuration and split of a member. The split is drawn from the seed and the member's
 * work, so that pages, frames and details of one work are never on both sides.
 */
export function placeMember(member: ReleaseMember, seed: string, validation: number): PlacedMember {
  const { config, extension } = mediaForm(member.mediaType);
  const draw = createHash('sha256')
    .update(`${seed}\0split\0`)
    .update(member.work ?? member.cid);
  const isValidation = validation > 0 && draw.digest().readUIntBE(0, 6) / RANGE < validation;
  return { member, config, extension, split: isValidation ? 'validation' : 'train' };
}

/**
 * Returns what the samples of a configuration and split are ordered by: hex of sha-256 over the seed
 * and the CID, both as text. So shards are shuffled, and everybody shuffles alike.
 */
export function orderKey(seed: string, cid: string): string {
  return hash('sha256', `${seed}${cid}`, 'hex');
}
