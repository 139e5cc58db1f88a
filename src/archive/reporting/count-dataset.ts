import type { Cid } from '../../core/cid.ts';
import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { modalityOf } from '../../core/dataset/size-range.ts';
import type { TrainingSummary } from '../../core/dataset/training-summary.ts';
import { isOpenToAll } from '../../core/sharing/readership.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { unlessUnreadable } from '../releasing/named-releases.ts';
import type { MemberCounts } from './count-members.ts';
import { Counter } from './counter.ts';
import { lapsedIn, removalsFrom } from './removals.ts';

type Dataset = TrainingSummary['datasets'][number];

/** A dataset, and the assets that no dataset before it has, by what lets them be in it. */
export interface CountedDataset {
  readonly told: Dataset;
  /** Media types of those that are in by the consent of their makers. */
  readonly consented: Counter;
  /** Those that are in by a licence. */
  readonly licensed: Counter;
}

export type DatasetParts = Pick<
  Archive,
  'catalog' | 'ledger' | 'releases' | 'revisions' | 'verifySignature' | 'sha256' | 'clock'
>;

/** Counts one release among others; those in `before` have counted their assets already. */
export async function countDataset(
  release: Cid,
  before: ReadonlySet<Cid>,
  members: MemberCounts,
  parts: DatasetParts,
  onAsset: () => void,
): Promise<CountedDataset> {
  const { catalog, releases, ledger } = parts;
  const manifest = await releases.manifest(release);
  const consented = new Counter();
  const licensed = new Counter();
  let isOpen = manifest.requester === 'anyone' && ledger.charter.publicAllowed;
  let repeated = 0;
  const takeTurn = takeTurns();
  for await (const row of releases.rows(manifest)) {
    await takeTurn();
    onAsset();
    isOpen &&= isOpenToAll(catalog.access(row.asset)?.deposits ?? []);
    if (before.size > 0 && catalog.releasesWith(row.asset).some((one) => before.has(one))) {
      repeated += 1;
      continue;
    }
    const basis = members.add(row, manifest) ? consented : licensed;
    basis.add(modalityOf(row.mediaType));
  }
  return { told: await tell(release, { manifest, isOpen, repeated }, parts), consented, licensed };
}

async function tell(
  release: Cid,
  counted: {
    readonly manifest: ReleaseManifest;
    readonly isOpen: boolean;
    readonly repeated: number;
  },
  parts: DatasetParts,
): Promise<Dataset> {
  const { manifest, ...own } = counted;
  const { name, version, url, created, at, purpose, requester, policy, query } = manifest;
  const { curator, license, previous, counts } = manifest;
  const { assets, bytes, licences, levels, selfVetted, makers } = counts;
  const { archive, organisation, did } = curator;
  return {
    ...{ name, version, release, url, created, at, purpose, requester, policy, query, license },
    curator: { archive, organisation, did },
    ...{ assets, bytes, licences, levels, selfVetted, makers, ...own },
    withdrawals: await removalsFrom(release, parts),
    lapsed: await lapsedIn(release, manifest, parts),
    previous: previous === null ? null : await tellPrevious(previous, parts),
  };
}

async function tellPrevious(release: Cid, parts: DatasetParts): Promise<Dataset['previous']> {
  const named = await unlessUnreadable(parts.releases.nameOf(release));
  const { name = null, version = null } = named ?? {};
  return { release, name, version, withdrawals: await removalsFrom(release, parts) };
}
