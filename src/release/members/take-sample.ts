import type { ReleaseMember } from '../../core/ports/release.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { orderKey } from './place-member.ts';
import { openKeySorter } from './sort-by-key.ts';

type Members = Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>;

/**
 * Yields as many members as a sample has, drawn by the seed: the same whatever the order in which they
 * come. All of them where there are no more. They pass through a file in `scratch`.
 */
export async function* takeSample(
  members: Members,
  { sample, seed }: { readonly sample: number; readonly seed: string },
  scratch: string,
): AsyncGenerator<ReleaseMember> {
  await using sorter = openKeySorter<ReleaseMember>(scratch);
  const turn = takeTurns();
  for await (const member of members) {
    await turn();
    await sorter.add(orderKey(seed, member.cid), member);
  }
  let left = sample;
  for await (const [, member] of sorter.sorted()) {
    if (left === 0) return;
    left -= 1;
    yield member;
  }
}
