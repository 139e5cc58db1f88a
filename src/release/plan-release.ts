import type {
  MemberRequest,
  ReleaseMember,
  ReleaseOptions,
  ReleasePlan,
} from '../core/ports/release.ts';
import { collectMembers } from './members/collect-members.ts';

/** Returns what a release would hold; see `Releases.plan`. */
export async function planRelease(
  request: MemberRequest,
  members: Iterable<ReleaseMember> | AsyncIterable<ReleaseMember>,
  scratch: string,
  options: ReleaseOptions = {},
): Promise<ReleasePlan> {
  await using collected = await collectMembers(request, members, scratch, options);
  const { tally } = collected;
  const { shards: _shards, ...counts } = tally.counts(0);
  const splits = Object.entries(tally.splits([])).map(([split, { assets, bytes }]) => {
    return [split, { assets, bytes }] as const;
  });
  return {
    counts,
    splits: Object.fromEntries(splits),
    configs: tally.configs(),
    makers: tally.makers(),
    decades: tally.decades(),
  };
}
