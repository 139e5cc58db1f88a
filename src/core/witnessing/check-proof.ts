import { type Cid, cidToBytes } from '../cid.ts';
import { type Charter, decodeCharter } from '../entries/charter.ts';
import type { Did } from '../entries/did-key.ts';
import { addressOf, decodeManifest } from '../entries/manifest.ts';
import type { CheckpointBody } from '../entries/note.ts';
import { parseSignedNote } from '../entries/signed-note.ts';
import { ArchiveError } from '../errors.ts';
import { fromHex } from '../hash.ts';
import type { EntryHash } from '../statements/fields.ts';
import { decodeSetRoot } from '../statements/set.ts';
import type { StatementOutline } from '../statements/statement.ts';
import { type Cosignature, openCosignatures } from './cosignature.ts';
import {
  blocksByCid,
  isLeaf,
  type LoggedEntry,
  type OpenedLog,
  openLog,
  type ReadingTools,
  readLoggedEntry,
  speakerOf,
  type Tools,
} from './logged-entry.ts';
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
  readonly #blocks: ReadonlyMap<Cid, Uint8Array>;
  readonly #used = new Set<Cid>();
  readonly #reading: ReadingTools;

  constructor(proof: AssetProof, tools: Tools) {
    this.#proof = proof;
    this.#tools = tools;
    this.#reading = { ...tools, address: proof.address, block: (cid) => this.#block(cid) };
    this.#blocks = blocksByCid(proof.blocks, tools.sha256);
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

  #checkpoint(charter: Cid): OpenedLog {
    const opened = openLog(this.#proof.checkpoint, this.#tools);
    if (opened.charter !== charter) throw refusal('has a checkpoint of another archive');
    return opened;
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
    { entry, ...place }: LeafProof & { readonly entry: EntryHash },
    tree: CheckpointBody,
  ): LoggedEntry {
    return readLoggedEntry(entry, place, tree, this.#reading);
  }

  /** Returns what an entry says of the asset. Governance speaks of none and makes members. */
  #statementsOf(
    { hash, arrival, entry, statements }: LoggedEntry,
    members: ReadonlyMap<Did, ProvenMember>,
  ): ProofCheck['statements'] {
    known(entry.identity, members);
    const found = statements.flatMap((outline, place) => {
      if (!this.#isAboutAsset(outline)) return [];
      const by = speakerOf(outline, entry, this.#reading);
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
    if (isLeaf(cidToBytes(this.#proof.asset), place, tree, this.#tools.sha256)) return true;
    throw refusal(`does not show that the asset is in the set ${about.set}`);
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
