import { join } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { parseManifest } from '../core/dataset/manifest-file.ts';
import { manifestSigner } from '../core/dataset/manifest-signature.ts';
import { SEALS } from '../core/dataset/release-files.ts';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import { type Confirmation, keepConfirmations, readConfirmations } from './confirmations.ts';
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
  /** When a node has said last what its newest revision is, and whether that is too long ago; null for never. */
  readonly confirmed: string | null;
  readonly isStale: boolean;
}

/**
 * Says whether a folder may still be trained on: for this purpose, without anything that was withdrawn, and
 * confirmed by a node not too long ago. Nodes are asked anew; where one does not answer, what it has said last
 * counts, a withdrawal for good, and that nothing was withdrawn for as long as it is not too old. Shards are not read: `sha256sum -c SHA256SUMS` does that.
 *
 * @throws {ArchiveError} `usage_invalid` where no pull was finished; `release_invalid` for a folder whose
 * manifest its curator has not signed, or that a node contradicts; `not_found`, `sign_in_required` or
 * `sign_in_invalid` where the only nodes that answer do not show the release; `aborted`.
 */
export async function checkFolder(
  request: CheckRequest,
  parts: PullParts,
  { signal, notice }: { readonly signal: AbortSignal; notice(text: string): void },
): Promise<FolderReport> {
  const { folder, purpose, maxAgeMs, token } = request;
  const { pulled } = await openEarlier(folder);
  await checkSeals(folder, pulled, parts);
  const last = await readConfirmations(folder, pulled, parts);
  const offers: Offer[] = [];
  const refusals: ArchiveError[] = [];
  for (const url of request.from ?? pulled.nodes.map((node) => node.url)) {
    try {
      const wanted = { release: pulled.release };
      const source = new HttpSource(addressOf(url, wanted), { token, signal }, parts);
      const offer = await readOffer(source, wanted, parts);
      checkNode(offer, pulled, last);
      offers.push(offer);
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof ArchiveError)) throw error;
      if (HIDDEN.has(error.code)) refusals.push(hidden(error));
      else if (!AWAY.has(error.code)) throw error;
      notice(error.message);
    }
  }
  for (const { word, files, withdrawn } of offers) {
    const text = Buffer.from(files.word).toString();
    last.set(word.node, { word, text, withdrawn: [...withdrawn.keys()] });
  }
  if (offers.length > 0) {
    await keepConfirmations(folder, last.values()).catch((error: unknown) => {
      notice(
        `what was said cannot be kept in ${folder} (${error}); the next check knows nothing of it`,
      );
    });
  }
  const withdrawn = withdrawnSince(pulled, last);
  // Who never gets an answer would take every withdrawal for none.
  if (offers.length === 0 && withdrawn.length === 0) for (const refusal of refusals) throw refusal;
  const confirmed =
    [...last.values()]
      .map(({ word }) => word.at)
      .sort()
      .at(-1) ?? null;
  const { release, name, version, nodes } = pulled;
  return {
    ...{ release, name, version, purpose: pulled.purpose },
    isForPurpose: purpose === undefined || purpose === pulled.purpose,
    revision: nodes[0]?.revision ?? 0,
    newest: offers.length === 0 ? null : Math.max(...offers.map(({ word }) => word.revision)),
    ...{ withdrawn, confirmed },
    isStale: confirmed === null || parts.clock() - Date.parse(confirmed) > maxAgeMs,
  };
}

/** What a node may answer for a while, which says nothing of the release. */
const AWAY: ReadonlySet<string> = new Set(['peer_unreachable', 'busy', 'rate_limited']);

/** Answers to whoever may not read the release, if there is one. */
const HIDDEN: ReadonlySet<string> = new Set(['not_found', 'sign_in_required', 'sign_in_invalid']);

function hidden({ code, message }: ArchiveError): ArchiveError {
  const text = `${message}. A withdrawal would not be heard of: where the folder was pulled by a signed URL or a sign-in, give --from with a signed URL, --token or --sign-in`;
  return new ArchiveError(code, text);
}

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
function checkNode(
  { source, word }: Offer,
  { nodes, curator }: Pulled,
  last: ReadonlyMap<Did, Confirmation>,
): void {
  const before = last.get(word.node)?.word;
  if (before === undefined && word.node !== curator) {
    const known = [curator, ...last.keys()].join(', ');
    const text = `${source.name} is ${word.node}, and what is believed of this folder is what ${known} says; pull it anew`;
    throw new ArchiveError('release_invalid', text);
  }
  const pulled = nodes.find(({ node }) => node === word.node)?.revision ?? 0;
  const newest = Math.max(before?.revision ?? 0, pulled);
  if (word.revision >= newest) return;
  const text = `${source.name} says that revision ${word.revision} is the newest, and has signed revision ${newest} before`;
  throw new ArchiveError('peer_equivocates', text);
}

function withdrawnSince(
  { withheld }: Pulled,
  last: ReadonlyMap<Did, Confirmation>,
): readonly string[] {
  const known = new Set(withheld.map(({ asset }) => asset));
  const now = new Set([...last.values()].flatMap(({ withdrawn }) => withdrawn));
  return [...now].filter((asset) => !known.has(asset)).sort();
}

function damaged(folder: string, what: string): ArchiveError {
  return new ArchiveError('release_invalid', `${folder} cannot be believed: ${what}; pull it anew`);
}
