import { throwIfAborted } from '../core/abort.ts';
import type { Split } from '../core/dataset/manifest.ts';
import type { ReleaseMember, ReleaseOptions, ReleaseRequest } from '../core/ports/release.ts';
import { takeTurns } from '../core/take-turns.ts';
import { orderKey, type PlacedMember, placeMember } from './place-member.ts';
import { shardLimit } from './shard-limit.ts';
import { openKeySorter } from './sort-by-key.ts';
import { createTally, type Tally } from './tally.ts';

/** Members in the order of their shards, with what can only be known from all of them. */
export interface CollectedMembers extends AsyncDisposable {
  readonly assets: number;
  readonly tally: Pick<Tally, 'counts' | 'splits'>;
  /** Sorted by configuration, split and order key; can be read once. */
  sorted(): AsyncIterable<PlacedMember>;
  limitOf(config: string, split: Split): number;
}

/** How often progress is told, in members. */
const STEP = 1024;

/**
 * Takes in all members and sorts them, in memory that does not grow with their number; beyond some
 * thousands they pass through a file in `scratch`.
 */
export async function collectMembers(
  request: ReleaseRequest,
  members: Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>,
  scratch: string,
  { signal, onProgress }: ReleaseOptions,
): Promise<CollectedMembers> {
  const sorter = openKeySorter<PlacedMember>(scratch);
  const tally = createTally();
  const totals = new Map<string, number>();
  let done = 0;
  const turn = takeTurns();
  try {
    for await (const member of members) {
      await turn();
      const placed = placeMember(member, request.seed, request.validation ?? 0);
      const group = groupOf(placed.config, placed.split);
      totals.set(group, (totals.get(group) ?? 0) + member.size);
      tally.add(member, placed.split);
      await sorter.add(`${group}/${orderKey(request.seed, member.cid)}`, placed);
      done += 1;
      if (done % STEP !== 0) continue;
      throwIfAborted(signal);
      onProgress?.({ step: 'collect', unit: 'assets', done, total: undefined });
    }
  } catch (error) {
    await sorter[Symbol.asyncDispose]();
    throw error;
  }
  return {
    assets: done,
    tally,
    async *sorted() {
      for await (const [, placed] of sorter.sorted()) yield placed;
    },
    limitOf: (config, split) =>
      request.maxShardBytes ?? shardLimit(totals.get(groupOf(config, split)) ?? 0),
    [Symbol.asyncDispose]: () => sorter[Symbol.asyncDispose](),
  };
}

function groupOf(config: string, split: Split): string {
  return `${config}/${split}`;
}
