import { type Cid, cidFromDigest, codecOf } from '../cid.ts';
import { batchOf, readBody } from '../entries/body.ts';
import { says } from '../entries/carried.ts';
import { type Did, isDid, publicKeyHexOf } from '../entries/did-key.ts';
import { type Entry, readEntry, signedBytes } from '../entries/entry.ts';
import { entryHashToBytes, fromEntryHash } from '../entries/entry-hash.ts';
import { openEnvelope } from '../entries/envelope.ts';
import { type CheckpointBody, openCheckpoint, parseCheckpointText } from '../entries/note.ts';
import { parseSignedNote } from '../entries/signed-note.ts';
import { fromHex, type Sha256 } from '../hash.ts';
import { leafHash, verifyInclusion } from '../merkle/tree.ts';
import type { VerifySignature } from '../ports/keys.ts';
import type { Block } from '../statements/block.ts';
import type { EntryHash } from '../statements/fields.ts';
import type { StatementOutline } from '../statements/statement.ts';
import { type LeafProof, refusal } from './proof-file.ts';

/** An entry that was shown to be in a log, and to be its author's. */
export interface LoggedEntry {
  readonly hash: EntryHash;
  readonly arrival: number;
  readonly entry: Entry;
  readonly statements: readonly StatementOutline[];
}

/** A log's tree, by the word of the node whose log it is. */
export interface OpenedLog {
  readonly tree: CheckpointBody;
  /** The key that its origin names, which has signed it. */
  readonly did: Did;
  /** CID of the charter that its origin names. */
  readonly charter: string;
}

export interface Tools {
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
}

/** What an entry is read with. */
export interface ReadingTools extends Tools {
  readonly address: string;
  /** Returns the bytes of a block, which were compared with the CID. Throws where they are not given. */
  readonly block: (cid: Cid) => Uint8Array;
}

/**
 * Returns what a checkpoint says, once its signature by the key in its own origin holds.
 *
 * @throws {ArchiveError} `proof_invalid`, `input_invalid`.
 */
export function openLog(checkpoint: string, { verify, sha256 }: Tools): OpenedLog {
  const { origin } = parseCheckpointText(parseSignedNote(checkpoint).text);
  const [charter = '', did, epoch, more] = origin.split('/');
  if (!isDid(did) || epoch === undefined || more !== undefined) {
    throw refusal('has a checkpoint that is no log of an archive');
  }
  return { tree: openCheckpoint(checkpoint, did, verify, sha256), did, charter };
}

/**
 * Returns an entry with its statements if it lies at this place of the tree, belongs to the archive and is
 * signed by its author.
 *
 * @throws {ArchiveError} `proof_invalid`, `entry_rejected`.
 */
export function readLoggedEntry(
  hash: EntryHash,
  place: LeafProof,
  tree: CheckpointBody,
  { address, block, verify, sha256 }: ReadingTools,
): LoggedEntry {
  if (!isLeaf(entryHashToBytes(hash), place, tree, sha256)) {
    throw refusal(`does not show that ${hash} is in the log`);
  }
  const entry = readEntry(block(fromEntryHash(hash)));
  const signature = fromHex(entry.sig);
  const isOwn =
    entry.id === address &&
    entry.key === publicKeyHexOf(entry.identity) &&
    entry.clock.id === entry.key;
  if (!isOwn || signature === undefined) throw refusal(`has an entry of another archive: ${hash}`);
  if (!verify(entry.identity, signedBytes(entry), signature)) {
    throw refusal(`has an entry that is not signed by ${entry.identity}: ${hash}`);
  }
  const batch = batchOf(entry);
  const statements = readBody(entry, batch === undefined ? undefined : block(batch));
  return { hash, arrival: place.index, entry, statements };
}

/**
 * Returns whose word a statement is: that of the entry's author, or of the member whose envelope says it.
 *
 * @throws {ArchiveError} `proof_invalid`, `input_invalid`.
 */
export function speakerOf(
  outline: StatementOutline,
  entry: Entry,
  { address, block, verify }: ReadingTools,
): Did {
  const { signed } = outline;
  if (signed === undefined) return entry.identity;
  const envelope = openEnvelope(block(signed.envelope), { archive: address, verify });
  if (envelope.by === signed.by && says(envelope, outline)) return signed.by;
  throw refusal(`has a statement that its envelope does not say, by ${signed.by}`);
}

export function isLeaf(
  leaf: Uint8Array,
  { index, hashes }: LeafProof,
  { size, root }: Pick<CheckpointBody, 'size' | 'root'>,
  sha256: Sha256,
): boolean {
  return verifyInclusion(leafHash(leaf, sha256), index, size, hashes, root, sha256);
}

/** Returns blocks by their CIDs. @throws {ArchiveError} `proof_invalid` where one is not what its CID names. */
export function blocksByCid(
  blocks: readonly Block[],
  sha256: Sha256,
): ReadonlyMap<Cid, Uint8Array> {
  const known = new Map<Cid, Uint8Array>();
  for (const { cid, bytes } of blocks) {
    if (cidFromDigest(codecOf(cid), sha256(bytes)) !== cid) {
      throw refusal(`holds other bytes than ${cid} names`);
    }
    if (known.has(cid)) throw refusal(`holds ${cid} twice`);
    known.set(cid, bytes);
  }
  return known;
}
