import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explain } from '../archive/explain.ts';
import { openCatalog } from '../catalog/open-catalog.ts';
import type { Cid } from '../core/cid.ts';
import { CODEC, cidFromDigest } from '../core/cid.ts';
import { decodeCharter } from '../core/entries/charter.ts';
import type { Did } from '../core/entries/did-key.ts';
import { addressOf, decodeManifest } from '../core/entries/manifest.ts';
import { openCheckpoint } from '../core/entries/note.ts';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';
import { equalBytes } from '../core/hash.ts';
import { rootOfLeaves } from '../core/merkle/tree.ts';
import type { Verdict } from '../core/policy/explain.ts';
import type { VerdictClaim } from '../core/ports/exchange.ts';
import { type Cosignature, openCosignatures } from '../core/witnessing/cosignature.ts';
import { refusal } from '../core/witnessing/proof-file.ts';
import { foundReplica } from '../ledger/founding/found-replica.ts';
import { createHomeKey } from '../ledger/keys/home-key.ts';
import { verifySignature } from '../ledger/keys/verify-signature.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { sha256 } from '../ledger/sha256.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import { charterDocuments } from '../replica/admission/protocol.ts';
import { FeedInFile } from '../replica/exchange/feed-in-file.ts';
import { importFeed } from '../replica/exchange/import-feed.ts';
import { systemEnvirons } from './system.ts';

export interface VerdictCheck {
  readonly address: string;
  readonly charter: Cid;
  readonly name: string;
  /** Whose log it is, how long it was, and its RFC 6962 root in hexadecimal: all of it is in the bundle. */
  readonly log: { readonly by: Did; readonly size: number; readonly root: string };
  /** Who confirmed how much of the log, by their own clocks; `size` is 0 where nobody has. */
  readonly confirmed: {
    readonly size: number;
    readonly by: readonly (Cosignature & { readonly organisation: string })[];
  };
  /** Recomputed from the entries; the same as claimed. */
  readonly verdict: Verdict;
}

interface Options {
  readonly address?: string;
  readonly signal?: AbortSignal;
}

/**
 * Recomputes the verdict that a bundle of `explain --prove` claims, from nothing but the bundle: its log is
 * taken into a new home in a temporary folder, by the rules by which nodes take each other's logs.
 *
 * @throws {ArchiveError} `proof_invalid` if it is damaged, lacks something, is not of the archive with this
 * `address`, or the verdict is another; `file_unreadable`, `disk_full`, `aborted`.
 */
export async function verifyVerdict(path: string, options: Options): Promise<VerdictCheck> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-verdict-'));
  try {
    return await recompute(path, folder, options);
  } catch (cause) {
    if (!(cause instanceof ArchiveError) || !OF_THE_FILE.has(cause.code)) throw cause;
    throw refusal(`does not hold: ${cause.message}`, cause);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is wrong with a bundle is found by those who read parts of it, who call it so. */
const OF_THE_FILE: ReadonlySet<string> = new Set([
  'input_invalid',
  'peer_invalid',
  'peer_equivocates',
  'block_missing',
  'block_corrupt',
  'home_corrupt',
  'not_found',
  'policy_unknown',
]);

async function recompute(
  path: string,
  folder: string,
  { address, signal }: Options,
): Promise<VerdictCheck> {
  await using file = await onFile(path, () => FeedInFile.open(path, sha256, signal));
  const { claim, by, size, note } = file.head;
  if (claim === undefined || file.head.since > 0) throw refusal('is a log that claims no verdict');
  const archive = papersOf(claim, address ?? file.head.address);
  const paths = { path: join(folder, 'ledger.db'), keyPath: join(folder, 'key.pem') };
  await createHomeKey(paths.keyPath);
  await foundReplica({ ...paths, archive, randomBytes: systemEnvirons.randomBytes });
  await using ledger = await openLedger({ ...paths, ...systemEnvirons });
  const { feed, feeds } = ledger;
  await importFeed(path, { feed, feeds, verify: verifySignature, sha256 }, signal);
  if (ledger.size() !== size) throw refusal('holds entries that no node accepts');
  const { root, origin } = openCheckpoint(note, by, verifySignature, sha256);
  if (!origin.startsWith(`${ledger.charterCid}/`) || ledger.memberOf(by) === undefined) {
    throw refusal(`is not of a member's log: ${by}`);
  }
  const confirmed = confirmedOf(claim, { file, ledger, origin });
  await using catalog = openCatalog({ path: join(folder, 'catalog.db'), ledger });
  await catalog.catchUp(signal === undefined ? {} : { signal });
  const verdict = verdictOf(claim, { ledger, catalog });
  const { charterCid: charter } = ledger;
  const { name } = ledger.charter;
  const log = { by, size, root: Buffer.from(root).toString('hex') };
  return { address: ledger.address, charter, name, log, confirmed, verdict };
}

/** Every paper must be the one that the address, by way of manifest and charter, commits to. */
function papersOf({ papers }: VerdictClaim, address: string) {
  const [manifest, charter, ...documents] = papers.map((bytes) => ({
    cid: cidFromDigest(CODEC.dagCbor, sha256(bytes)),
    bytes,
  }));
  if (manifest === undefined || addressOf(manifest.cid) !== address) {
    throw refusal(`is not of the archive ${address}`);
  }
  if (charter?.cid !== decodeManifest(manifest.bytes).charter) throw refusal('lacks the charter');
  const held = new Set(documents.map(({ cid }) => cid));
  const named = charterDocuments(decodeCharter(charter.bytes));
  const lacking = named.find((cid) => !held.has(cid));
  if (lacking !== undefined) throw refusal(`lacks ${lacking}, which the charter names`);
  return { manifest, charter, documents };
}

function confirmedOf(
  { confirmed }: VerdictClaim,
  of: { readonly file: FeedInFile; readonly ledger: SqliteLedger; readonly origin: string },
): VerdictCheck['confirmed'] {
  if (confirmed === null) return { size: 0, by: [] };
  const { file, ledger, origin } = of;
  const tree = openCheckpoint(confirmed.note, file.head.by, verifySignature, sha256);
  const leaves = file.leaves(0, tree.size);
  const isOfLog = tree.origin === origin && leaves.length === tree.size;
  if (!isOfLog || !equalBytes(rootOfLeaves(leaves, sha256), tree.root)) {
    throw refusal('has a confirmed checkpoint of another log');
  }
  const by = confirmed.lines.map((line) => {
    const [cosignature, more] = openCosignatures(confirmed.note, line, verifySignature, sha256);
    const member = cosignature === undefined ? undefined : ledger.memberOf(cosignature.did);
    const isSound = cosignature !== undefined && more === undefined;
    if (!isSound || member?.keys.includes(cosignature.did) !== true) {
      throw refusal('has a cosignature that does not verify, or of nobody who is a member');
    }
    return { ...cosignature, organisation: member.organisation };
  });
  return { size: tree.size, by };
}

function verdictOf({ verdict }: VerdictClaim, parts: Parameters<typeof explain>[1]): Verdict {
  const { cid, purpose, policy, for: requester, at } = claimed(verdict);
  const found = explain({ asset: cid, purpose, policy, requester, at }, parts);
  if (JSON.stringify(found) === verdict) return found;
  throw refusal(`claims another verdict than its entries give, which is ${found.verdict}`);
}

/** What is claimed is compared, text by text, with what is found; so only the question is read here. */
function claimed(verdict: string): Pick<Verdict, 'cid' | 'purpose' | 'policy' | 'for' | 'at'> {
  try {
    return JSON.parse(verdict);
  } catch (cause) {
    throw refusal('claims no verdict that can be read', cause);
  }
}
