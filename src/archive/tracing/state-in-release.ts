import type { Cid } from '../../core/cid.ts';
import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import type { ReleaseView } from '../../core/ports/release-candidates.ts';
import type { Archive } from '../archive.ts';
import { explain } from '../explain.ts';
import { changesIn, outAt, withdrawalLists } from '../live/withdrawal-lists.ts';
import { timestampOf } from '../now.ts';
import { unlessUnreadable } from '../releasing/named-releases.ts';
import { policyOfRelease } from './policy-of-release.ts';

/** What became of an asset in a release that was cut with it. */
export interface ReleaseState {
  /** What holds by the verdict of now, by the question of the release. */
  readonly is: 'included' | 'withdrawn' | 'removed';
  /** Code of the first rule that fails (policy.md §6); null while it is included. */
  readonly reason: string | null;
  /** The withdrawal list of this home by which it was left out, and when; null where there is none yet. */
  readonly since: number | null;
  readonly issued: string | null;
  /** Says whether this home left it out of a revision. */
  isOutAt(revision: number): boolean;
  /** Says whether it may be in some of these shards, as far as can be told. */
  mayBeIn(shards: readonly Cid[]): boolean;
}

type Parts = Pick<
  Archive,
  'catalog' | 'ledger' | 'releases' | 'revisions' | 'verifySignature' | 'sha256' | 'clock'
>;

/** @throws {ArchiveError} `release_invalid`, `home_corrupt` for withdrawal lists that cannot be read. */
export async function stateIn(
  view: ReleaseView,
  asset: Cid,
  manifest: ReleaseManifest | undefined,
  parts: Parts,
): Promise<ReleaseState> {
  const lists = await withdrawalLists(view.release, parts);
  const changes = changesIn(lists).filter((one) => one.asset === asset);
  const reason = reasonNow(view, asset, manifest, parts);
  const isRemoved = parts.catalog.asset(asset)?.status === 'removed';
  const isOutAt = (revision: number) => outAt(changes, revision).has(asset);
  const out = changes.findLast(({ state }) => state === 'withdrawn');
  const left = reason !== null && isOutAt(lists.length) ? (out ?? changes.at(-1)) : undefined;
  const elsewhere = await shardsWithout(asset, changes.at(-1)?.shard, manifest, parts);
  return {
    is: reason === null ? 'included' : isRemoved ? 'removed' : 'withdrawn',
    ...{ reason, since: left?.revision ?? null, issued: left?.issued ?? null, isOutAt },
    mayBeIn: (shards) => shards.some((shard) => !elsewhere.has(shard)),
  };
}

/** Returns why a release of this question could not take the asset now; null if it could. */
function reasonNow(
  view: ReleaseView,
  asset: Cid,
  manifest: ReleaseManifest | undefined,
  { catalog, ledger, clock }: Parts,
): string | null {
  const { purpose, requester } = view;
  const policy = policyOfRelease(view, manifest, { ledger });
  if (policy === undefined) return 'E_UNKNOWN';
  const asked = { asset, purpose, requester, policy, at: timestampOf(clock) };
  const { verdict, gates } = explain(asked, { ledger, catalog });
  if (verdict === 'eligible') return null;
  const failed = gates.flatMap(({ rules }) => rules).find(({ pass }) => !pass);
  return failed?.code ?? 'E_UNKNOWN';
}

/** Returns the shards, as they were cut, that the asset is not in. */
async function shardsWithout(
  asset: Cid,
  known: string | undefined,
  manifest: ReleaseManifest | undefined,
  { releases }: Parts,
): Promise<ReadonlySet<Cid>> {
  if (manifest === undefined) return new Set();
  const names =
    known === undefined
      ? await unlessUnreadable(releases.shardsWith(manifest, [asset]))
      : new Map([[known, [asset]]]);
  if (names === undefined || names.size === 0) return new Set();
  return new Set(manifest.shards.filter(({ name }) => !names.has(name)).map(({ cid }) => cid));
}
