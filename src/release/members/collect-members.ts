import { throwIfAborted } from '../../core/abort.ts';
import type { Split } from '../../core/dataset/manifest.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { MemberRequest, ReleaseMember, ReleaseOptions } from '../../core/ports/release.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { checkMember } from './check-member.ts';
import { orderKey, type PlacedMember } from './place-member.ts';
import { placeMembers } from './place-members.ts';
import { shardLimit } from './shard-limit.ts';
import { openKeySorter } from './sort-by-key.ts';
import { takeSample } from './take-sample.ts';
import { createTally, type Tally } from './tally.ts';

/** Members in the order of their shards, with what can only be known from all of them. */
export interface CollectedMembers extends AsyncDisposable {
  readonly assets: number;
  readonly tally: Omit<Tally, 'add'>;
  /** Sorted by configuration, split and order key; can be read once. */
  sorted(): AsyncIterable<PlacedMember>;
  limitOf(config: string, split: Split): number;
}

/** How often progress is told, in members. */
const STEP = 1024;

/**
 * Takes in all members and sorts them, in memory that does not grow with their number; beyond some
 * thousands they pass through a file in `scratch`.
 *
 * @throws {ArchiveError} `release_empty`, `release_invalid`, `aborted`.
 */
export async function collectMembers(
  request: MemberRequest,
  members: Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>,
  scratch: string,
  { signal, onProgress, onMember }: ReleaseOptions,
): Promise<CollectedMembers> {
  const sorter = openKeySorter<PlacedMember>(scratch);
  const tally = createTally();
  const totals = new Map<string, number>();
  let done = 0;
  const turn = takeTurns();
  try {
    const { sample, seed } = request;
    const taken = sample === undefined ? members : takeSample(members, { sample, seed }, scratch);
    for await (const placed of placeMembers(taken, request, scratch)) {
      await turn();
      const { member } = placed;
      checkMember(member);
      const group = groupOf(placed.config, placed.split);
      totals.set(group, (totals.get(group) ?? 0) + member.size);
      tally.add(placed);
      await sorter.add(`${group}/${orderKey(seed, member.cid)}`, placed);
      onMember?.(member.cid);
      done += 1;
      if (done % STEP !== 0) continue;
      throwIfAborted(signal);
      onProgress?.({ step: 'collect', unit: 'assets', done, total: undefined });
    }
    if (done === 0) throw empty(request);
    refuseOneSided(request, tally);
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

function empty({ purpose, requester, policy }: MemberRequest): ArchiveError {
  return new ArchiveError(
    'release_empty',
    `nothing to release: no asset of the selection is eligible for ${purpose} by ${requester} under policy ${policy.policy.name}; "explain CID" says why for each`,
  );
}

function refuseOneSided({ validation = 0 }: MemberRequest, tally: Pick<Tally, 'splits'>): void {
  const sides = Object.keys(tally.splits([]));
  if (validation === 0 || sides.length === 2) return;
  throw new ArchiveError(
    'release_invalid',
    `all of it would be in ${sides[0]}: works of one maker stay together, and there are too few makers for a share of ${validation}; cut it without --validation, with another seed, or from more makers`,
  );
}
