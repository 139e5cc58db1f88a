import type { Cid } from '../../core/cid.ts';
import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { checkChoice } from '../../core/dataset/manifest-file.ts';
import { signManifest } from '../../core/dataset/manifest-signature.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Purpose, Requester } from '../../core/policy/purposes.ts';
import type { CutRelease, ReleaseOptions, ReleaseSeal } from '../../core/ports/release.ts';
import type { SelectionFilter } from '../../core/ports/release-candidates.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { createSet, MAX_SET } from '../../core/statements/set.ts';
import { createStatement } from '../../core/statements/statement.ts';
import { formatTlogProof } from '../../core/witnessing/tlog-proof.ts';
import { alone, appendAll, type Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { policyInForce } from '../governing/policy-in-force.ts';
import { timestampOf } from '../now.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import { chooseCandidates } from './choose-candidates.ts';
import { type NamedRelease, releasesNamed } from './named-releases.ts';
import { queryText } from './query-text.ts';
import { releaseMembers } from './release-members.ts';

export interface CutRequest {
  readonly name: string;
  readonly version: string;
  readonly policy: string;
  readonly purpose: Purpose;
  readonly requester: Requester;
  /** The moment the verdicts are for. */
  readonly at: string;
  /** Narrows the selection to assets that the words and filters match. */
  readonly filter: SelectionFilter;
  /** Takes only so many of them, drawn by the seed. */
  readonly sample?: number;
  /** Recipe by which renditions stand for works that loaders cannot read. */
  readonly rendition?: NonNullable<ReleaseManifest['rendition']>;
  readonly seed: string;
  readonly validation?: number;
  readonly maxShardBytes?: number;
  /** Where it will be served, for the snippets of its card; empty where that is not known. */
  readonly url: string;
}

/** A cut release with the ledger state that it was decided at. */
export interface RecordedRelease extends CutRelease {
  readonly state: EntryHash;
}

type Parts = Pick<
  Archive,
  'ledger' | 'feed' | 'catalog' | 'content' | 'releases' | 'clock' | 'sha256' | 'signer'
>;

/**
 * Cuts a dataset of everything that is eligible at a checkpoint, and records it.
 *
 * A checkpoint entry is appended first: it names the state, from which any node can recompute the
 * selection. When the promise resolves, the release and its statement are durable.
 *
 * @throws {ArchiveError} `usage_invalid`, `member_missing`, `policy_unknown`, `release_exists`,
 * `release_empty`, `release_invalid`, `disk_full`, `aborted`.
 */
export async function cutRelease(
  request: CutRequest,
  parts: Parts,
  options: ReleaseOptions = {},
): Promise<RecordedRelease> {
  const { ledger, catalog, releases } = parts;
  // Before the checkpoint, so that a slip of the pen leaves nothing in the ledger.
  const { filter, url, ...told } = request;
  const { name, version, seed } = told;
  const query = queryText(filter, request.sample, parts);
  checkChoice({ name, version, query, seed, url });
  refuseStranger(ledger);
  const policy = policyInForce(request.policy, ledger);
  const named = await releasesNamed(name, parts);
  refuseTaken(version, named);
  const { purpose, requester, at } = request;
  const question = { policy: request.policy, purpose, requester, at };
  using chosen = await chooseCandidates(filter, question, parts);
  const { state } = chosen;
  const assets: Cid[] = [];
  const cut = await releases.cut(
    { ...told, query, policy, state },
    releaseMembers(chosen.candidates, told.rendition ?? null, parts),
    { ...sealOf(state, parts), previous: named.at(-1)?.release ?? null, url },
    { ...options, onMember: (asset) => assets.push(asset) },
  );
  await appendAll(ledger, alone(sayings(request, cut, policy.cid, state, assets, parts)));
  await catalog.catchUp();
  return { ...cut, state };
}

function refuseTaken(version: string, named: readonly NamedRelease[]): void {
  const taken = named.find((one) => one.version === version);
  if (taken === undefined) return;
  const { release, name } = taken;
  throw new ArchiveError(
    'release_exists',
    `${release} is ${name} ${version} already; give the new one another version with --as`,
  );
}

/** What this home vouches for a release with. */
function sealOf(
  state: EntryHash,
  { ledger, feed, clock, signer }: Parts,
): Omit<ReleaseSeal, 'previous' | 'url'> {
  const index = feed.arrivalOf(state);
  if (index === undefined) throw new ArchiveError('internal', `${state} has not arrived`);
  const { size, note } = feed.head();
  const hashes = feed.inclusionProof(index, size);
  const { self, charter, address } = ledger;
  return {
    created: timestampOf(clock),
    curator: {
      did: signer.did,
      organisation: self.organisation,
      archive: charter.name,
      address,
    },
    proof: formatTlogProof({ index, hashes, checkpoint: note }),
    sign: (manifest) => signManifest(manifest, signer),
  };
}

/** One statement for each 1,048,576 assets, since a set holds no more. */
function* sayings(
  request: CutRequest,
  cut: CutRelease,
  policy: Cid,
  state: RecordedRelease['state'],
  assets: readonly Cid[],
  { clock, sha256 }: Pick<Parts, 'clock' | 'sha256'>,
): Iterable<Saying> {
  for (let start = 0; start < assets.length; start += MAX_SET) {
    const set = createSet(assets.slice(start, start + MAX_SET), sha256);
    yield {
      statement: createStatement('release', { set: set.cid }, timestampOf(clock), {
        release: cut.release,
        policy,
        purpose: request.purpose,
        requester: request.requester,
        state,
        at: request.at,
        assets: cut.assets,
        bytes: cut.bytes,
        manifest: cut.manifest,
      }),
      documents: set.blocks,
    };
  }
}
