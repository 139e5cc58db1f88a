import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import type { ReleaseRequest } from '../../core/ports/release.ts';
import type { ReleaseCounts } from '../members/tally.ts';

type Told = Pick<ReleaseManifest, 'purpose' | 'requester' | 'at' | 'state'>;

/**
 * Returns what a release claims and what it does not, in sentences for people. They say what has
 * been shown, never that a person made something.
 */
export function releaseNotice(request: ReleaseRequest, counts: ReleaseCounts): readonly string[] {
  const { policy } = request.policy;
  const { alone, exact } = weaknesses(policy.name);
  const ofPolicy: string[] = [];
  if (policy.witnesses === 0) ofPolicy.push(alone);
  if (policy.duplicates === 'exact') ofPolicy.push(exact);
  const first = `${eligible(request, policy.name, counts)}. Any node that has this state can decide it again.`;
  return [first, ...held(counts, ofPolicy)];
}

/** Returns the same of what is left of a release in a revision. */
export function revisionNotice(
  manifest: ReleaseManifest,
  revision: number,
  counts: ReleaseCounts,
): readonly string[] {
  const { policy, notice, counts: cut } = manifest;
  const ofPolicy = Object.values(weaknesses(policy.name)).filter((one) => notice.includes(one));
  const first = `${eligible(manifest, policy.name, counts)}.`;
  const lacking = cut.assets - counts.assets;
  const left =
    lacking === 0
      ? `This is revision ${revision}: every asset that the release was cut with is in it, and words about people were erased.`
      : `This is revision ${revision}: of the ${cut.assets} assets that the release was cut with, ${lacking} are withdrawn and not in it.`;
  return [first, left, ...held(counts, ofPolicy)];
}

function eligible(
  { purpose, requester, at, state }: Told,
  policy: string,
  { assets }: ReleaseCounts,
): string {
  return `Each of the ${assets} assets was eligible for ${purpose} by ${requester} under policy ${policy}, decided as of ${at} from the ledger state ${state}`;
}

/** What a policy may not ask for. */
function weaknesses(policy: string) {
  return {
    alone: `Policy ${policy} asks for no witness of another organisation: a single node can release under it.`,
    exact:
      'Assets were compared with registered generated works by their exact bytes; changed copies of generated works would not have been found.',
  };
}

function held(counts: ReleaseCounts, ofPolicy: readonly string[]): readonly string[] {
  const levels = Object.entries(counts.levels).map(([level, count]) => `${count} at ${level}`);
  const notice = [
    'No known synthetic asset is in this release. That is what was found, not a proof that people made them.',
    `How much is shown of their making, from H0 (nothing) to H5 (independent): ${levels.join(', ')}.`,
  ];
  if (counts.selfVetted > 0) {
    notice.push(
      `${counts.selfVetted} of them rest on the word of one organisation that nobody else has vetted (self-vetted).`,
    );
  }
  notice.push(...ofPolicy);
  const consented = counts.licences[''] ?? 0;
  if (consented > 0) notice.push(`${consented} of them are here by the consent of their makers.`);
  if (counts.largestMaker * 2 > counts.assets) {
    notice.push(
      `${largestShare(counts)} of them are by one maker: this shows one hand more than many.`,
    );
  }
  notice.push(
    'Rights are those that the licence of each asset gives, whose makers were not asked for this release. What is allowed can change later: ask the archive again before you train.',
  );
  return notice;
}

/** Returns which part of the assets the named maker made who has the most. */
export function largestShare({ largestMaker, assets }: ReleaseCounts): string {
  return `${assets === 0 ? 0 : Math.round((100 * largestMaker) / assets)} %`;
}

/** Returns what was done with the assets before they came into the release. */
export function preprocessing({ rendition }: Pick<ReleaseManifest, 'rendition'>): string {
  if (rendition === null) return 'None: every asset is here with the bytes that were deposited.';
  return `Where loaders cannot read a deposited file, a rendition of it by the recipe \`${rendition}\`, which generates nothing, stands for it. All else is here with the bytes that were deposited.`;
}
