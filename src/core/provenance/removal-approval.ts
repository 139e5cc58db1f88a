import type { Did } from '../entries/did-key.ts';
import type { StatementId } from '../statements/fields.ts';
import type { About } from '../statements/statement.ts';

/** A lone steward, who has nobody to approve, may confirm a removal of its own after so long. */
export const REFLECTION_MS = 86_400_000;

/** What was said of a removal: asked for, or confirmed. */
export interface SaidRemoval {
  readonly id: StatementId;
  readonly author: Did;
  readonly at: string;
  readonly about: NonNullable<About>;
  /** What it confirms; null for one that asks. */
  readonly confirms: StatementId | null;
}

export interface Approvers {
  /** Members, by their first key, that are stewards now. */
  readonly stewards: readonly Did[];
  /** Returns the first key of the member whose key this is; undefined if it is nobody's now. */
  memberWith(key: Did): Did | undefined;
}

/**
 * Returns from when on a confirmation makes a removal due, in milliseconds since 1970; undefined if it never
 * does. Another steward's does at once. The steward's who asked does where there is no other, and both were
 * said 24 hours apart (design §9): what is destroyed does not come back.
 */
export function approvedFrom(
  removal: SaidRemoval,
  confirmation: SaidRemoval,
  { stewards, memberWith }: Approvers,
): number | undefined {
  if (removal.confirms !== null || confirmation.confirms !== removal.id) return undefined;
  if (!isSameSubject(removal.about, confirmation.about)) return undefined;
  const by = memberWith(confirmation.author) ?? confirmation.author;
  const of = memberWith(removal.author) ?? removal.author;
  if (by !== of) return Date.parse(confirmation.at);
  const from = reflectedFrom(removal);
  const isAlone = stewards.every((one) => one === of);
  return isAlone && Date.parse(confirmation.at) >= from ? from : undefined;
}

/** Returns when a lone steward may confirm what it has asked for. */
export function reflectedFrom({ at }: Pick<SaidRemoval, 'at'>): number {
  return Date.parse(at) + REFLECTION_MS;
}

function isSameSubject(one: NonNullable<About>, other: NonNullable<About>): boolean {
  return 'asset' in one
    ? 'asset' in other && one.asset === other.asset
    : 'set' in other && one.set === other.set;
}
