import type { Cid } from '../../core/cid.ts';
import { CODEC, cidFromDigest } from '../../core/cid.ts';
import { decodeCharter } from '../../core/entries/charter.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { fromEntryHash } from '../../core/entries/entry-hash.ts';
import { decodeManifest } from '../../core/entries/manifest.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/hash.ts';
import type { SignerOf } from '../../core/ports/keys.ts';
import type { Network, PeerStream } from '../../core/ports/network.ts';
import type { Invitation } from '../../core/sharing/invitation.ts';
import { type Block, encodeBlock } from '../../core/statements/block.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import {
  ADDRESS_PREFIX,
  ADMISSION,
  type Application,
  answer,
  charterDocuments,
  readMessage,
  signedByInvitation,
} from './protocol.ts';

/** What an archive is before its first entry, each block checked against the archive's address. */
export interface ArchivePapers {
  readonly manifest: Block;
  readonly charter: Block;
  readonly documents: readonly Block[];
}

/** What a newcomer is let in with. */
export interface Admitted {
  readonly papers: ArchivePapers;
  /** A witness is shown no entries. */
  readonly seesEntries: boolean;
}

export interface ApplicantParts {
  readonly network: Network;
  readonly signerOf: SignerOf;
  readonly sha256: Sha256;
}

/**
 * Shows an invitation to a node and returns what the archive is founded on. The home's key is a member
 * when the promise resolves; asking again with the same key changes nothing.
 *
 * @throws {ArchiveError} `invitation_invalid` if it is unknown there, expired, revoked or used by
 * another key; `not_found` if the node keeps another archive; `peer_invalid` if what it sends is not
 * what the archive's address commits to; and as `Network.open`.
 */
export async function applyForAdmission(
  peer: Did,
  invitation: Invitation,
  { network, signerOf, sha256 }: ApplicantParts,
  options: { readonly name?: string; readonly signal?: AbortSignal } = {},
): Promise<Admitted> {
  const { name = '', signal } = options;
  using stream = await network.open(peer, ADMISSION, signal === undefined ? {} : { signal });
  const asked: Application = {
    type: 'apply',
    archive: invitation.archive,
    invitation: invitation.statement,
    proof: signerOf(invitation.seed).sign(signedByInvitation(network.did)),
    name,
  };
  await stream.send(encodeBlock(asked, sha256).bytes);
  await stream.end();
  const answered = readMessage(answer, await stream.receive());
  if (answered.type === 'refused') throw new ArchiveError(answered.code, answered.text);
  const papers = await receivePapers(stream, invitation.archive, sha256);
  return { papers, seesEntries: answered.entries };
}

async function receivePapers(
  stream: PeerStream,
  address: string,
  sha256: Sha256,
): Promise<ArchivePapers> {
  const receive = async (expected: Cid): Promise<Block> => {
    const bytes = await stream.receive();
    const cid = bytes === undefined ? undefined : cidFromDigest(CODEC.dagCbor, sha256(bytes));
    if (bytes !== undefined && cid === expected) return { cid, bytes };
    throw new ArchiveError('peer_invalid', `the peer did not send ${expected} of ${address}`);
  };
  const manifest = await receive(fromEntryHash(address.slice(ADDRESS_PREFIX.length) as EntryHash));
  const charter = await receive(decodeManifest(manifest.bytes).charter);
  const documents: Block[] = [];
  for (const cid of charterDocuments(decodeCharter(charter.bytes))) {
    documents.push(await receive(cid));
  }
  return { manifest, charter, documents };
}
