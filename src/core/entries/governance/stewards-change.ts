import type { BodyOf } from '../../statements/kinds.ts';
import type { Did } from '../did-key.ts';
import { type Bench, neededOf } from './seats.ts';

/** What a proposal about the stewards would change in those that it is built on. */
export interface StewardsChange {
  readonly joins: readonly Did[];
  readonly leaves: readonly Did[];
  /** Stewards who stay, with another key. */
  readonly newKeys: readonly Did[];
  /** Members of whom only what an earlier entry has seen is to stand, as where a key was stolen. */
  readonly cut: readonly Did[];
  /** How many stewards must approve. */
  readonly needed: { readonly before: number; readonly after: number };
}

export function stewardsChange(
  { list, quorum, last }: NonNullable<BodyOf<'proposal'>['stewards']>,
  { seats, needed }: Bench,
): StewardsChange {
  const before = new Map(seats.map(({ id, key }) => [id, key]));
  const after = new Set(list.map(({ id }) => id));
  return {
    joins: list.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    leaves: seats.filter(({ id }) => !after.has(id)).map(({ id }) => id),
    newKeys: list
      .filter(({ id, key }) => before.has(id) && before.get(id) !== key)
      .map(({ id }) => id),
    cut: last.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    needed: { before: needed, after: neededOf(list.length, quorum) },
  };
}
