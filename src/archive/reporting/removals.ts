import type { Cid } from '../../core/cid.ts';
import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import type { TrainingSummary } from '../../core/dataset/training-summary.ts';
import type { Archive } from '../archive.ts';
import { withdrawalLists } from '../live/withdrawal-lists.ts';
import { timestampOf } from '../now.ts';
import { Counter } from './counter.ts';

/**
 * Returns what the withdrawal lists of this home say of a release, counted.
 *
 * @throws {ArchiveError} `release_invalid`, `home_corrupt`.
 */
export async function removalsFrom(
  release: Cid,
  parts: Pick<Archive, 'revisions' | 'verifySignature' | 'sha256'>,
): Promise<TrainingSummary['datasets'][number]['withdrawals']> {
  const out = new Set<Cid>();
  const lists = (await withdrawalLists(release, parts)).map(({ says }) => {
    const counts = { withdrawn: 0, removed: 0, reinstated: 0 };
    const reasons = new Counter();
    for (const { asset, state, reason } of says.entries) {
      counts[state] += 1;
      if (state === 'reinstated') {
        out.delete(asset);
        continue;
      }
      out.add(asset);
      reasons.add(reason);
    }
    return { revision: says.revision, issued: says.issued, ...counts, reasons: reasons.told() };
  });
  return { lists, out: out.size };
}

/** Counts what a release holds and no release of its question could take now; null without its policy. */
export async function lapsedIn(
  release: Cid,
  { policy, purpose, requester }: Pick<ReleaseManifest, 'policy' | 'purpose' | 'requester'>,
  { catalog, ledger, clock }: Pick<Archive, 'catalog' | 'ledger' | 'clock'>,
): Promise<number | null> {
  if (!ledger.policies().some((known) => known.policy.name === policy.name)) return null;
  const asked = { policy: policy.name, purpose, requester, at: timestampOf(clock) };
  const lapsed = await catalog.lapsed(release, asked);
  return new Set(lapsed.map(({ asset }) => asset)).size;
}
