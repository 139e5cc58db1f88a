import { type Cid, cidFromDigest, cidToBytes, codecOf } from '../cid.ts';
import { batchOf, readBody } from '../entries/body.ts';
import { says } from '../entries/carried.ts';
import { type Charter, decodeCharter } from '../entries/charter.ts';
import { type Did, isDid, publicKeyHexOf } from '../entries/did-key.ts';
import { type Entry, readEntry, signedBytes } from '../entries/entry.ts';
import { entryHashToBytes, fromEntryHash } from '../entries/entry-hash.ts';
import { openEnvelope } from '../entries/envelope.ts';
import { addressOf, decodeManifest } from '../entries/manifest.ts';
import { type CheckpointBody, openCheckpoint, parseCheckpointText } from '../entries/note.ts';
import { parseSignedNote } from '../entries/signed-note.ts';
import { ArchiveError } from '../errors.ts';
import { fromHex, type Sha256 } from '../hash.ts';
import { leafHash, verifyInclusion } from '../merkle/tree.ts';
import type { VerifySignature } from '../ports/keys.ts';
import type { EntryHash } from '../statements/fields.ts';
import { decodeSetRoot } from '../statements/set.ts';
import type { StatementOutline } from '../statements/statement.ts';
import { type Cosignature, openCosignatures } from './cosignature.ts';
import { type AssetProof, type LeafProof, parseAssetProof, refusal } from './proof-file.ts';
import { type ProvenMember, provenMembers } from './proven-members.ts';

export interface ProofCheck {
  readonly address: string;
  readonly charter: Cid;
  readonly name: string;
  readonly asset: Cid;
  /** Whose log it is, and how long it was. */
  readonly log: { readonly by: Did; readonly organisation: string; readonly size: number };
  /** Who confirmed the log up to there, and when by their own clocks; seconds since 1970. */
  readonly confirmedBy: readonly (Cosignature & { readonly organisation: string })[];
  readonly statements: readonly {
    readonly id: string;
    /** Its place in the log. */
    readonly arrival: number;
    readonly kind: string;
    readonly by: Did;
    readonly organisation: string;
    /** The author's word. */
    readonly at: string;
    /** Said by an outsider in an envelope that the author carries; it is not in this proof. */
    readonly isCarried: boolean;
  }[];
}

interface Tools {
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
}

interface ReadEntry {
  readonly hash: EntryHash;
  readonly arrival: number;
  readonly entry: Entry;
  readonly statements: readonly StatementOutline[];
}

/**
 * Checks a proof about an asset against nothing but itself, and the archive's address if one is given.
 * What it returns holds; what it does not prove is in the README beside it.
 *
 * @throws {ArchiveError} `proof_invalid` with the first thing that is wrong.
 */
export function checkProof(text: string, tools: Tools, address?: string): ProofCheck {
  const proof = parseAssetProof(text);
  if (address !== undefined && proof.address !== address) {
    throw refusal(`is about the archive ${proof.address}, not ${address}`);
  }
  try {
    return new Checking(proof, tools).check();
  } catch (cause) {
    if (!(cause instanceof ArchiveError) || cause.code === 'proof_invalid') throw cause;
    throw refusal(`does not hold: ${cause.message}`, cause);
  }
}

class Checking {
  readonly #proof: AssetProof;
  readonly #tools: Tools;
  readonly #blocks = new Map<Cid, Uint8Array>();
  readonly #used = new Set<Cid>();

  constructor(proof: AssetProof, tools: Tools) {
    this.#proof = proof;
    this.#tools = tools;
    for (const { cid, bytes } of proof.blocks) {
      if (cidFromDigest(codecOf(cid), tools.sha256(bytes)) !== cid) {
        throw refusal(`holds other bytes than ${cid} names`);
      }
      if (this.#blocks.has(cid)) throw refusal(`holds ${cid} twice`);
      this.#blocks.set(cid, bytes);
    }
  }

  check(): ProofCheck {
    const { address, asset } = this.#proof;
    const { charterCid, charter } = this.#charter();
    const { tree, did } = this.#checkpoint(charterCid);
    const entries = this.#proof.entries.map((one) => this.#entry(one, tree));
    if (new Set(entries.map(({ hash }) => hash)).size < entries.length) {
      throw refusal('holds an entry twice');
    }
    const members = provenMembers(charter, entries, this.#tools.verify);
    const statements = entries.flatMap((entry) => this.#statementsOf(entry, members));
    const log = { by: did, organisation: known(did, members).organisation, size: tree.size };
    const confirmedBy = this.#cosignatures(members);
    this.#refuseUnused();
    const { name } = charter;
    return { address, charter: charterCid, name, asset, log, confirmedBy, statements };
  }

  /** The address commits to the manifest, which commits to the charter. */
  #charter(): { readonly charterCid: Cid; readonly charter: Charter } {
    const { address } = this.#proof;
    for (const [cid, bytes] of this.#blocks) {
      if (addressOf(cid) !== address) continue;
      this.#used.add(cid);
      const { charter: charterCid } = decodeManifest(bytes);
      return { charterCid, charter: decodeCharter(this.#block(charterCid)) };
    }
    throw refusal(`does not hold the manifest that ${address} names`);
  }

  #checkpoint(charter: Cid): { readonly tree: CheckpointBody; readonly did: Did } {
    const { checkpoint } = this.#proof;
    const { origin } = parseCheckpointText(parseSignedNote(checkpoint).text);
    const [of, did, epoch, more] = origin.split('/');
    if (of !== charter || !isDid(did) || epoch === undefined || more !== undefined) {
      throw refusal('has a checkpoint of another archive');
    }
    const { verify, sha256 } = this.#tools;
    return { tree: openCheckpoint(checkpoint, did, verify, sha256), did };
  }

  /** Every line beside the log's own must be a member's, or somebody has changed or added one. */
  #cosignatures(members: ReadonlyMap<Did, ProvenMember>): ProofCheck['confirmedBy'] {
    const { checkpoint } = this.#proof;
    const { signatures } = parseSignedNote(checkpoint);
    const lines = checkpoint.slice(checkpoint.lastIndexOf('\n\n') + 2);
    const { verify, sha256 } = this.#tools;
    const cosignatures = openCosignatures(checkpoint, lines, verify, sha256);
    if (cosignatures.length !== signatures.length - 1) {
      throw refusal('has a signature that does not verify');
    }
    return cosignatures.map((one) => {
      const { organisation } = known(one.did, members);
      return { ...one, organisation };
    });
  }

  #entry(
    { entry: hash, ...place }: LeafProof & { readonly entry: EntryHash },
    tree: CheckpointBody,
  ): ReadEntry {
    const { verify } = this.#tools;
    if (!this.#isLeaf(entryHashToBytes(hash), place, tree)) {
      throw refusal(`does not show that ${hash} is in the log`);
    }
    const entry = readEntry(this.#block(fromEntryHash(hash)));
    const signature = fromHex(entry.sig);
    const isOwn =
      entry.id === this.#proof.address &&
      entry.key === publicKeyHexOf(entry.identity) &&
      entry.clock.id === entry.key;
    if (!isOwn || signature === undefined)
      throw refusal(`has an entry of another archive: ${hash}`);
    if (!verify(entry.identity, signedBytes(entry), signature)) {
      throw refusal(`has an entry that is not signed by ${entry.identity}: ${hash}`);
    }
    const batch = batchOf(entry);
    const statements = readBody(entry, batch === undefined ? undefined : this.#block(batch));
    return { hash, arrival: place.index, entry, statements };
  }

  /** Returns what an entry says of the asset. Governance speaks of none and makes members. */
  #statementsOf(
    { hash, arrival, entry, statements }: ReadEntry,
    members: ReadonlyMap<Did, ProvenMember>,
  ): ProofCheck['statements'] {
    known(entry.identity, members);
    const found = statements.flatMap((outline, place) => {
      if (!this.#isAboutAsset(outline)) return [];
      const by = this.#speakerOf(outline, entry);
      const { organisation } = known(by, members);
      const { kind, at, carried } = outline;
      const isCarried = carried !== undefined;
      return [{ id: `${hash}/${place}`, arrival, kind, by, organisation, at, isCarried }];
    });
    if (found.length === 0 && !('statement' in entry.payload)) {
      throw refusal(`holds an entry that says nothing of the asset: ${hash}`);
    }
    return found;
  }

  #isAboutAsset({ about }: StatementOutline): boolean {
    if (about === null) return false;
    if ('asset' in about) return about.asset === this.#proof.asset;
    const place = this.#proof.sets.find(({ set }) => set === about.set);
    if (place === undefined) return false;
    const { count, root } = decodeSetRoot(this.#block(about.set));
    const tree = { size: count, root: fromHex(root) ?? new Uint8Array(0) };
    if (this.#isLeaf(cidToBytes(this.#proof.asset), place, tree)) return true;
    throw refusal(`does not show that the asset is in the set ${about.set}`);
  }

  #speakerOf(outline: StatementOutline, entry: Entry): Did {
    const { signed } = outline;
    if (signed === undefined) return entry.identity;
    const { verify } = this.#tools;
    const bytes = this.#block(signed.envelope);
    const envelope = openEnvelope(bytes, { archive: this.#proof.address, verify });
    if (envelope.by === signed.by && says(envelope, outline)) return signed.by;
    throw refusal(`has a statement that its envelope does not say, by ${signed.by}`);
  }

  #isLeaf(
    leaf: Uint8Array,
    { index, hashes }: LeafProof,
    { size, root }: { readonly size: number; readonly root: Uint8Array },
  ): boolean {
    const { sha256 } = this.#tools;
    return verifyInclusion(leafHash(leaf, sha256), index, size, hashes, root, sha256);
  }

  #block(cid: Cid): Uint8Array {
    const bytes = this.#blocks.get(cid);
    if (bytes === undefined) throw refusal(`lacks ${cid}`);
    this.#used.add(cid);
    return bytes;
  }

  #refuseUnused(): void {
    const unused = [...this.#blocks.keys()].find((cid) => !this.#used.has(cid));
    if (unused !== undefined) throw refusal(`holds ${unused}, which nothing in it needs`);
    for (const { set } of this.#proof.sets) {
      if (!this.#used.has(set)) throw refusal(`speaks of the set ${set}, which nothing is about`);
    }
  }
}

function known(did: Did, members: ReadonlyMap<Did, ProvenMember>): ProvenMember {
  const member = members.get(did);
  if (member !== undefined) return member;
  throw refusal(`does not show that ${did} was a member`);
}
