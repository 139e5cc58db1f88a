import {
  RELEASE_SPEC,
  type ReleaseHead,
  type ReleaseManifest,
  type ReleaseShard,
} from '../../core/dataset/manifest.ts';
import type { ReleaseRequest, ReleaseSeal } from '../../core/ports/release.ts';
import type { Tally } from '../members/tally.ts';
import { licenceExpression } from '../tables/licence-terms.ts';
import { releaseNotice } from './notice.ts';

/** What `release.json` says, the other files excepted. */
export type ReleaseDescription = Omit<ReleaseManifest, 'contentRoot' | 'files'>;

export function describeRelease(
  request: ReleaseRequest,
  seal: ReleaseSeal,
  tally: Pick<Tally, 'counts' | 'splits'>,
  shards: readonly ReleaseShard[],
): ReleaseDescription {
  const counts = tally.counts(shards.length);
  return {
    ...headOf(request, seal),
    license: licenceExpression(Object.keys(counts.licences)),
    counts,
    splits: tally.splits(shards),
    notice: [...releaseNotice(request, counts)],
    shards: [...shards],
  };
}

/** What `release.json` says before the members are known. */
export function headOf(
  request: ReleaseRequest,
  { created, curator, previous, url }: Omit<ReleaseSeal, 'sign' | 'proof'>,
): ReleaseHead {
  const { name, version, at, purpose, requester, policy, state, query, seed } = request;
  return {
    spec: RELEASE_SPEC,
    name,
    version,
    ...{ created, curator, previous, url },
    at,
    purpose,
    requester,
    policy: { name: policy.policy.name, cid: policy.cid },
    state,
    query,
    seed,
    validation: request.validation ?? 0,
    rendition: request.rendition ?? null,
    maxShardBytes: request.maxShardBytes ?? null,
  };
}
