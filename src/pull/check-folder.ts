import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { parseManifest } from '../core/dataset/manifest-file.ts';
import { manifestSigner } from '../core/dataset/manifest-signature.ts';
import { type NewestWord, parseNewestWord } from '../core/dataset/newest-word.ts';
import { SEALS } from '../core/dataset/release-files.ts';
import { ArchiveError } from '../core/errors.ts';
import { HttpSource } from './http-source.ts';
import type { PullParts } from './parts.ts';
import type { Pulled } from './pulled.ts';
import { readIfThere } from './read-if-there.ts';
import { type Offer, readOffer } from './read-offer.ts';
import { addressOf } from './release-name.ts';
import { openEarlier } from './update-folder.ts';

export interface CheckRequest {
  readonly folder: string;
  /** What the data is to be used for; not looked at where it is not said. */
  readonly purpose?: string | undefined;
  readonly maxAgeMs: number;
  /** Where to ask, in place of the nodes that it was pulled from: signed URLs, for instance. */
  readonly from?: readonly string[] | undefined;
  readonly token: () => string | undefined;
}

export interface FolderReport {
  readonly release: string;
  readonly name: string;
  readonly version: string;
  readonly purpose: string;
  readonly isForPurpose: boolean;
  /** Revision of the folder, and the newest that a node has told of; null where none could be asked. */
  readonly revision: number;
  readonly newest: number | null;
  /** Samples that are in the folder and withdrawn. */
  readonly withdrawn: readonly string[];
  /** When a node has said last what its newest revision is, and whether that is too long ago. */
  readonly confirmed: string;
  readonly isStale: boolean;
}

/** What nodes have said since the pull, each word signed by its node. */
const CONFIRMED = 'confirmed.json';

/**
 * Says whether a folder may still be trained on: for this purpose, without anything that was withdrawn, and
 * confirmed by a node not too long ago. Nodes are asked anew; where none answers, the last word that one has
 * signed counts for as long as it is not too old. Shards are not read: `sha256sum -c SHA256SUMS` does that.
 *
 * @throws {ArchiveError} `usage_invalid` where no pull was finished; `release_invalid` for a folder whose
 * manifest its curator has not signed, or that a node contradicts; `aborted`.
 */
export async function checkFolder(
  request: CheckRequest,
  parts: PullParts,
  { signal, notice }: { readonly signal: AbortSignal; notice(text: string): void },
): Promise<FolderReport> {
  const { folder, purpose, maxAgeMs, token } = request;
  const { pulled } = await openEarlier(folder);
  await checkSeals(folder, pulled, parts);
  const offers: Offer[] = [];
  for (const url of request.from ?? pulled.nodes.map((node) => node.url)) {
    try {
      const wanted = { release: pulled.release };
      const source = new HttpSource(addressOf(url, wanted), { token, signal }, parts);
      const offer = await readOffer(source, wanted, parts);
      checkNode(offer, pulled);
      offers.push(offer);
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof ArchiveError) || !ABSENT.has(error.code)) throw error;
      notice(error.message);
    }
  }
  const withdrawn = withdrawnSince(pulled, offers);
  const words = await confirm(folder, pulled, offers, parts, notice);
  const confirmed =
    words
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? pulled.at;
  const { release, name, version, nodes } = pulled;
  return {
    ...{ release, name, version, purpose: pulled.purpose },
    isForPurpose: purpose === undefined || purpose === pulled.purpose,
    revision: nodes[0]?.revision ?? 0,
    newest: offers.length === 0 ? null : Math.max(...offers.map(({ word }) => word.revision)),
    ...{ withdrawn, confirmed },
    isStale: parts.clock() - Date.parse(confirmed) > maxAgeMs,
  };
}

/** What says nothing of the release itself. */
const ABSENT: ReadonlySet<string> = new Set([
  ...[
    'peer_unreachable',
    'busy',
    'rate_limited',
    'not_found',
    'sign_in_required',
    'sign_in_invalid',
  ],
]);

async function checkSeals(folder: string, pulled: Pulled, parts: PullParts): Promise<void> {
  const [own, signature] = await Promise.all(
    [SEALS.manifest, SEALS.signature].map((name) => readIfThere(join(folder, name))),
  );
  if (own === undefined || signature === undefined) throw damaged(folder, 'a file is missing');
  const text = Buffer.from(signature).toString();
  const signer = manifestSigner(own, text, parts.verifySignature);
  const { curator, name, version, purpose } = parseManifest(own);
  const isSame = name === pulled.name && version === pulled.version && purpose === pulled.purpose;
  if (signer !== curator.did || signer !== pulled.curator || !isSame) {
    throw damaged(folder, 'release.json is not what was pulled, or not signed by its curator');
  }
}

/** A node that goes back behind its own signed word hides something, or somebody does in its name. */
function checkNode({ source, word }: Offer, { nodes }: Pulled): void {
  const before = nodes.find(({ node }) => node === word.node);
  if (before === undefined) {
    const known = nodes.map(({ node }) => node).join(', ');
    const text = `${source.name} is ${word.node}, and the folder was pulled from ${known}; pull it with --update`;
    throw new ArchiveError('release_invalid', text);
  }
  if (word.revision >= before.revision) return;
  const text = `${source.name} says that revision ${word.revision} is the newest, and has signed revision ${before.revision} before`;
  throw new ArchiveError('peer_equivocates', text);
}

function withdrawnSince({ withheld }: Pulled, offers: readonly Offer[]): readonly string[] {
  const known = new Set(withheld.map(({ asset }) => asset));
  const now = new Set(offers.flatMap((offer) => [...offer.withdrawn.keys()]));
  return [...now].filter((asset) => !known.has(asset)).sort();
}

/** Keeps what nodes have signed now, and returns all that they have signed of this release. */
async function confirm(
  folder: string,
  { release, nodes }: Pulled,
  offers: readonly Offer[],
  { verifySignature }: PullParts,
  notice: (text: string) => void,
): Promise<readonly NewestWord[]> {
  const path = join(folder, CONFIRMED);
  const fresh = offers.map(({ files }) => Buffer.from(files.word).toString());
  if (fresh.length > 0) {
    await writeFile(path, `${JSON.stringify(fresh)}\n`).catch((error: unknown) => {
      notice(`${path} could not be written (${error}); the next check knows nothing of this one`);
    });
  }
  const kept = fresh.length > 0 ? fresh : textsIn(await readIfThere(path));
  const known = new Set(nodes.map(({ node }) => node));
  return [...nodes.map(({ word }) => word), ...kept].flatMap((text) => {
    const word = parseNewestWord(Buffer.from(text), verifySignature);
    return word.release === release && known.has(word.node) ? [word] : [];
  });
}

function textsIn(bytes: Uint8Array | undefined): readonly string[] {
  if (bytes === undefined) return [];
  const said: unknown = JSON.parse(Buffer.from(bytes).toString());
  return Array.isArray(said) ? said.filter((one) => typeof one === 'string') : [];
}

function damaged(folder: string, what: string): ArchiveError {
  return new ArchiveError('release_invalid', `${folder} cannot be believed: ${what}; pull it anew`);
}
