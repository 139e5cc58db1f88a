import {
  RELEASE_SPEC,
  type ReleaseHead,
  type ReleaseManifest,
  type ReleaseShard,
} from '../core/dataset/manifest.ts';
import type { ReleaseRequest } from '../core/ports/release.ts';
import { releaseNotice } from './notice.ts';
import type { ReleaseCounts } from './tally.ts';

/** What `release.json` says, the other files excepted. */
export type ReleaseDescription = Omit<ReleaseManifest, 'files'>;

export function describeRelease(
  request: ReleaseRequest,
  counts: ReleaseCounts,
  shards: readonly ReleaseShard[],
): ReleaseDescription {
  const notice = [...releaseNotice(request, counts)];
  return { ...headOf(request), counts, notice, shards: [...shards] };
}

/** What `release.json` says before the members are known. */
export function headOf(request: ReleaseRequest): ReleaseHead {
  const { name, version, at, purpose, requester, policy, state, query, seed } = request;
  return {
    spec: RELEASE_SPEC,
    name,
    version,
    at,
    purpose,
    requester,
    policy: { name: policy.policy.name, cid: policy.cid },
    state,
    query,
    seed,
    validation: request.validation ?? 0,
    maxShardBytes: request.maxShardBytes ?? null,
  };
}
