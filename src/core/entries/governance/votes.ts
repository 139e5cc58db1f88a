import type { EntryHash } from '../../statements/fields.ts';
import type { Did } from '../did-key.ts';
import type { Act } from './act.ts';
import type { Seat } from './seats.ts';

/** What one steward last said about a proposal. */
export interface Vote {
  readonly id: Did;
  readonly vote: 'yes' | 'no';
}

/**
 * Returns how these stewards voted, each person once. A later vote replaces an earlier one of the same
 * steward; of two of which neither is later, a no counts.
 */
export function votesOf(
  approvals: readonly Act<'approval'>[],
  seats: readonly Seat[],
  isInPast: (ancestor: EntryHash, entry: EntryHash) => boolean,
): readonly Vote[] {
  return seats.flatMap(({ id }): Vote[] => {
    const own = approvals.filter((approval) => approval.id === id);
    const last = own.filter((one) => !own.some((other) => isInPast(one.hash, other.hash)));
    if (last.length === 0) return [];
    return [{ id, vote: last.every(({ body }) => body.vote === 'yes') ? 'yes' : 'no' }];
  });
}

export function countYes(votes: readonly Vote[]): number {
  return votes.filter(({ vote }) => vote === 'yes').length;
}
