import type { ReleaseRequest } from '../core/ports/release.ts';
import type { ReleaseCounts } from './tally.ts';

/**
 * Returns what a release claims and what it does not, in sentences for people. They say what has
 * been shown, never that a person made something.
 */
export function releaseNotice(request: ReleaseRequest, counts: ReleaseCounts): readonly string[] {
  const { policy } = request.policy;
  const levels = Object.entries(counts.levels).map(([level, count]) => `${count} at ${level}`);
  const notice = [
    `Each of the ${counts.assets} assets was eligible for ${request.purpose} by ${request.requester} under policy ${policy.name}, decided as of ${request.at} from the ledger state ${request.state}. Any node that has this state can decide it again.`,
    'No known synthetic asset is in this release. That is what was found, not a proof that people made them.',
    `How much is shown of their making, from H0 (nothing) to H5 (independent): ${levels.join(', ')}.`,
  ];
  if (counts.selfVetted > 0) {
    notice.push(
      `${counts.selfVetted} of them rest on the word of one organisation that nobody else has vetted (self-vetted).`,
    );
  }
  if (policy.witnesses === 0) {
    notice.push(
      `Policy ${policy.name} asks for no witness of another organisation: a single node can release under it.`,
    );
  }
  if (policy.duplicates === 'exact') {
    notice.push(
      'Assets were compared with registered generated works by their exact bytes; changed copies of generated works would not have been found.',
    );
  }
  const consented = counts.licences[''] ?? 0;
  if (consented > 0) notice.push(`${consented} of them are here by the consent of their makers.`);
  if (counts.largestMaker * 2 > counts.assets) {
    notice.push(
      `${Math.round((100 * counts.largestMaker) / counts.assets)} % of them are by one maker: this shows one hand more than many.`,
    );
  }
  notice.push(
    'Rights are those that the licence of each asset gives, whose makers were not asked for this release. What is allowed can change later: ask the archive again before you train.',
  );
  return notice;
}
