import { throwIfAborted } from '../core/abort.ts';
import { type Cid, cidToBytes } from '../core/cid.ts';
import { batchOf, readBody } from '../core/entries/body.ts';
import { type Did, isDid } from '../core/entries/did-key.ts';
import { type Entry, readEntry } from '../core/entries/entry.ts';
import { fromEntryHash } from '../core/entries/entry-hash.ts';
import { ArchiveError } from '../core/errors.ts';
import { appendLeaf, EMPTY_FRONTIER, inclusionProof, leafHash } from '../core/merkle/tree.ts';
import { factsOf } from '../core/provenance/facts.ts';
import type { Block } from '../core/statements/block.ts';
import type { EntryHash } from '../core/statements/fields.ts';
import { openCosignatures } from '../core/witnessing/cosignature.ts';
import {
  type AssetProof,
  formatAssetProof,
  type LeafProof,
} from '../core/witnessing/proof-file.ts';
import type { Archive } from './archive.ts';

type Parts = Pick<Archive, 'ledger' | 'feed' | 'catalog' | 'sha256' | 'verifySignature'>;

export interface ProvenAsset {
  readonly asset: Cid;
  readonly address: string;
  /** The `.tlog-proof`. */
  readonly text: string;
  readonly entries: number;
  /** Organisations that have confirmed the log up to there. */
  readonly confirmedBy: readonly string[];
}

/**
 * Makes a proof of what this home's log says of an asset, for whoever knows the archive's address.
 *
 * It rests on the newest checkpoint if that covers everything, so that what others have confirmed is in
 * it; else on the log as it is now, which nobody has confirmed yet. No record is in it, so no name is.
 *
 * @throws {ArchiveError} `not_found`, `proof_invalid` if a signer's membership rests on a decision of
 * stewards, which a proof cannot show yet; `aborted`.
 */
export async function proveAsset(
  parts: Parts,
  asset: Cid,
  signal?: AbortSignal,
): Promise<ProvenAsset> {
  const { ledger, feed, catalog } = parts;
  const facts = catalog.facts(asset);
  const spoken = new Set<EntryHash>();
  for (const [i, fact] of factsIn(facts).entries()) {
    if (i % 256 === 0) throwIfAborted(signal);
    spoken.add(fact);
  }
  if (spoken.size === 0) {
    throw new ArchiveError('not_found', `nothing in the archive speaks of ${asset}`);
  }
  const gathering = new Gathering(parts, asset);
  for (const entry of spoken) await gathering.add(entry);
  const { note, size, lines, cosigners } = checkpointOver(parts, gathering.newest);
  for (const did of [ownerOf(note), ...cosigners.keys()]) gathering.needs.add(did);
  await gathering.addGrants(size, signal);
  const entries = [...gathering.entries]
    .sort(([, a], [, b]) => a - b)
    .map(([entry, index]) => ({ entry, index, hashes: feed.inclusionProof(index, size) }));
  // The file is a proof of its first entry for tools that know no more: one that speaks of the asset.
  const first = entries.findIndex(({ entry }) => spoken.has(entry));
  const proof: AssetProof = {
    address: ledger.address,
    asset,
    checkpoint: `${note}${lines.join('')}`,
    entries: [...entries.splice(first, 1), ...entries],
    sets: gathering.sets,
    blocks: gathering.blocks(),
  };
  const text = formatAssetProof(proof);
  const confirmedBy = [...new Set(cosigners.values())];
  return { asset, address: ledger.address, text, entries: proof.entries.length, confirmedBy };
}

/** Names the entries that say something of an asset, each once for every statement. */
function factsIn(facts: ReturnType<Parts['catalog']['facts']>): EntryHash[] {
  if (facts === undefined) return [];
  const kinds = Object.keys(facts.known) as (keyof typeof facts.known)[];
  const known = kinds.flatMap((kind) => factsOf(facts, kind).map(({ entry }) => entry));
  // An id is an entry's hash, a slash and a place.
  const unknown = facts.unknown.map(({ id }) => id.slice(0, id.indexOf('/')) as EntryHash);
  return [...known, ...unknown];
}

/** Returns the newest note over that many entries, with the cosignatures of it that hold. */
function checkpointOver({ ledger, feed, verifySignature, sha256 }: Parts, arrival: number) {
  const cosigners = new Map<Did, string>();
  const { newest } = ledger.checkpointState();
  if (newest === undefined || newest.size <= arrival) {
    return { ...feed.head(), lines: [], cosigners };
  }
  const { note, size } = newest;
  const lines = newest.cosignatures.flatMap((one) => {
    const [cosignature, second] = openCosignatures(note, one.note, verifySignature, sha256);
    if (cosignature === undefined || second !== undefined) return [];
    cosigners.set(cosignature.did, one.organisation);
    return [one.note];
  });
  return { note, size, lines, cosigners };
}

function ownerOf(note: string): Did {
  const did = note.split('/', 2)[1];
  if (isDid(did)) return did;
  throw new ArchiveError('internal', 'a checkpoint of this home names no key');
}

/** Entries and blocks of one proof, and the keys whose membership it has to show. */
class Gathering {
  /** Entries by their arrival numbers. */
  readonly entries = new Map<EntryHash, number>();
  readonly needs = new Set<Did>();
  readonly sets: (LeafProof & { readonly set: Cid })[] = [];
  readonly #parts: Parts;
  readonly #asset: Cid;
  readonly #blocks = new Map<Cid, Uint8Array>();

  constructor(parts: Parts, asset: Cid) {
    this.#parts = parts;
    this.#asset = asset;
    const { ledger } = parts;
    // The manifest is the block that the address names.
    const address = ledger.address.slice('/orbitdb/'.length) as EntryHash;
    this.#take(fromEntryHash(address));
    this.#take(ledger.charterCid);
  }

  get newest(): number {
    return Math.max(...this.entries.values());
  }

  blocks(): Block[] {
    return [...this.#blocks].map(([cid, bytes]) => ({ cid, bytes }));
  }

  async add(hash: EntryHash): Promise<void> {
    const entry = this.#entry(hash);
    const batch = batchOf(entry);
    const statements = readBody(entry, batch === undefined ? undefined : this.#take(batch));
    for (const { about, signed } of statements) {
      if (about === null) continue;
      const isOfAsset =
        'asset' in about ? about.asset === this.#asset : await this.#addSet(about.set);
      if (!isOfAsset || signed === undefined) continue;
      this.needs.add(signed.by);
      this.#take(signed.envelope);
    }
  }

  /** Adds the entries by which the signers became members, up to the charter. */
  async addGrants(size: number, signal: AbortSignal | undefined): Promise<void> {
    const { ledger } = this.#parts;
    const seats = new Set<Did>(ledger.charter.stewards.map(({ key }) => key));
    const missing = () => [...this.needs].filter((did) => !seats.has(did));
    if (missing().length === 0) return;
    const granting = new Map<Did, EntryHash[]>();
    const invitations = new Map<string, EntryHash>();
    for await (const { number, entry, standing } of ledger.arrivals(0)) {
      throwIfAborted(signal);
      if (number >= size) break;
      for (const { id, statement } of standing) {
        if (statement.kind === 'grant' && !granting.has(statement.body.key)) {
          granting.set(statement.body.key, [entry]);
        } else if (statement.kind === 'invitation') {
          invitations.set(id, entry);
        } else if (statement.kind === 'admit' && !granting.has(statement.body.id)) {
          const invitation = invitations.get(statement.body.invitation);
          granting.set(statement.body.id, invitation === undefined ? [] : [invitation, entry]);
        }
      }
    }
    for (let due = missing(); due.length > 0; due = missing()) {
      for (const did of due) {
        const grants = granting.get(did) ?? [];
        if (grants.length === 0) throw notShown(did);
        seats.add(did);
        for (const hash of grants) this.#entry(hash);
      }
    }
  }

  #entry(hash: EntryHash): Entry {
    const entry = readEntry(this.#take(fromEntryHash(hash)));
    const arrival = this.#parts.feed.arrivalOf(hash);
    if (arrival === undefined) throw new ArchiveError('internal', `${hash} has not arrived`);
    this.entries.set(hash, arrival);
    this.needs.add(entry.identity);
    return entry;
  }

  async #addSet(set: Cid): Promise<boolean> {
    if (this.sets.some((known) => known.set === set)) return true;
    const { ledger, sha256 } = this.#parts;
    const members = await ledger.setMembers(set);
    const index = members.indexOf(this.#asset);
    if (index < 0) return false;
    this.#take(set);
    const nodes = new Map<string, Uint8Array>();
    let frontier = EMPTY_FRONTIER;
    for (const member of members) {
      const grown = appendLeaf(frontier, leafHash(cidToBytes(member), sha256), sha256);
      for (const { level, index: at, hash } of grown.completed) nodes.set(`${level}/${at}`, hash);
      frontier = grown.frontier;
    }
    const read = (level: number, at: number) => nodes.get(`${level}/${at}`) ?? new Uint8Array(0);
    this.sets.push({ set, index, hashes: inclusionProof(index, members.length, read, sha256) });
    return true;
  }

  #take(cid: Cid): Uint8Array {
    const bytes = this.#parts.ledger.block(cid);
    if (bytes === undefined) throw new ArchiveError('block_missing', `${cid} is not in the ledger`);
    this.#blocks.set(cid, bytes);
    return bytes;
  }
}

function notShown(did: Did): ArchiveError {
  return new ArchiveError(
    'proof_invalid',
    `${did} has signed something of it and became a member by a decision of the stewards, ` +
      'which a proof cannot show yet; prove from the home of a founding steward',
  );
}
