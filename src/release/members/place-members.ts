import type { ReleaseMember, ReleaseRequest } from '../../core/ports/release.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { namedMakers } from './named-makers.ts';
import { orderKey, type PlacedMember, placeMember } from './place-member.ts';
import { openKeySorter } from './sort-by-key.ts';

type Members = Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>;

/**
 * Yields members with where they go. Works of one maker, and parts of one work, go to one side of the
 * split, so that what a model is judged by is by nobody it was trained on; who is nobody in particular
 * ("unknown", a workshop) ties nothing together. Two makers of one work are tied by it.
 *
 * With a validation split all members are read first, through a file in `scratch`; of the ties there is
 * an entry in memory for each work and each maker who made something with others.
 */
export async function* placeMembers(
  members: Members,
  { seed, validation = 0 }: Pick<ReleaseRequest, 'seed' | 'validation'>,
  scratch: string,
): AsyncGenerator<PlacedMember> {
  if (validation === 0) {
    for await (const member of members) yield placeMember(member, { split: 'train' });
    return;
  }
  const ties = createTies();
  const turn = takeTurns();
  let total = 0;
  await using sorter = openKeySorter<ReleaseMember>(scratch);
  for await (const member of members) {
    await turn();
    ties.add(tiesOf(member));
    total += 1;
    await sorter.add(orderKey(seed, member.cid), member);
  }
  for await (const [, member] of sorter.sorted()) {
    const [first] = tiesOf(member);
    const group = first === undefined ? member.cid : ties.groupOf(first);
    // Who has made more than the whole validation split is to have would leave it no room for others.
    const isLarge = ties.sizeOf(group) > total * validation;
    yield placeMember(member, isLarge ? { split: 'train' } : { seed, validation, group });
  }
}

/** What a member may have in common with others. */
function tiesOf(member: ReleaseMember): readonly string[] {
  const makers = namedMakers(member).map(({ id }) => id);
  return member.work === null ? makers : [member.work, ...makers];
}

/** Groups of names that are tied to each other, each named after its smallest. */
function createTies() {
  /** Towards the name of the group; what is not in it names itself. */
  const towards = new Map<string, string>();
  const sizes = new Map<string, number>();

  function groupOf(name: string): string {
    let root = name;
    for (let next = towards.get(root); next !== undefined; next = towards.get(root)) root = next;
    for (let at = name; at !== root; ) {
      const next = towards.get(at) ?? root;
      towards.set(at, root);
      at = next;
    }
    return root;
  }

  return {
    groupOf,
    /** Members of the group of that name; 0 where it is a member alone. */
    sizeOf: (group: string): number => sizes.get(group) ?? 0,

    /** Adds a member that ties these names together. */
    add(names: readonly string[]): void {
      const [first, ...others] = names;
      if (first === undefined) return;
      const own = groupOf(first);
      sizes.set(own, (sizes.get(own) ?? 0) + 1);
      for (const other of others) {
        const [a, b] = [groupOf(first), groupOf(other)];
        if (a === b) continue;
        const [root, below] = a < b ? [a, b] : [b, a];
        towards.set(below, root);
        sizes.set(root, (sizes.get(root) ?? 0) + (sizes.get(below) ?? 0));
        sizes.delete(below);
      }
    },
  };
}
