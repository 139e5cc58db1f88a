import { throwIfAborted } from '../../core/abort.ts';
import { type Cid, cidToBytes } from '../../core/cid.ts';
import { batchOf, callsForCheckpoint, readBody } from '../../core/entries/body.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { type Entry, readEntry } from '../../core/entries/entry.ts';
import { fromEntryHash } from '../../core/entries/entry-hash.ts';
import { ArchiveError } from '../../core/errors.ts';
import { appendLeaf, EMPTY_FRONTIER, inclusionProof, leafHash } from '../../core/merkle/tree.ts';
import type { Block } from '../../core/statements/block.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { LeafProof } from '../../core/witnessing/proof-file.ts';
import type { Archive } from '../archive.ts';

/** Members of a set that are hashed before others may get their turn. */
const BETWEEN_TURNS = 256;

type GatheringParts = Pick<Archive, 'ledger' | 'feed' | 'sha256'>;

/** Entries and blocks of one proof, and the keys whose membership it has to show. */
export class ProofGathering {
  /** Entries by their arrival numbers. */
  readonly entries = new Map<EntryHash, number>();
  readonly needs = new Set<Did>();
  readonly sets: (LeafProof & { readonly set: Cid })[] = [];
  readonly #parts: GatheringParts;
  readonly #asset: Cid;
  readonly #blocks = new Map<Cid, Uint8Array>();
  /** Whether the entries that were looked at call for a checkpoint. */
  readonly #callsForOne = new Map<EntryHash, boolean>();
  readonly #turn = takeTurns();

  constructor(parts: GatheringParts, asset: Cid) {
    this.#parts = parts;
    this.#asset = asset;
    const { ledger } = parts;
    // The manifest is the block that the address names.
    const address = ledger.address.slice('/orbitdb/'.length) as EntryHash;
    this.#take(fromEntryHash(address));
    this.#take(ledger.charterCid);
  }

  blocks(): Block[] {
    return [...this.#blocks].map(([cid, bytes]) => ({ cid, bytes }));
  }

  /** Looks at entries in turns, so that {@link lastThatMatters} of them is answered at once. @throws {ArchiveError} `aborted`. */
  async look(entries: Iterable<EntryHash>, signal: AbortSignal | undefined): Promise<void> {
    for (const hash of entries) {
      throwIfAborted(signal);
      this.#matters(hash);
      await this.#turn();
    }
  }

  /** Returns the arrival of the last of these entries that calls for a checkpoint; -1 if none does. */
  lastThatMatters(entries: Iterable<EntryHash>): number {
    let last = -1;
    for (const hash of entries) {
      const arrival = this.#arrivalOf(hash);
      if (arrival > last && this.#matters(hash)) last = arrival;
    }
    return last;
  }

  /** Adds what an entry says of the asset, if it is among the first `size` of the log. */
  async add(hash: EntryHash, size: number): Promise<void> {
    if (this.#arrivalOf(hash) >= size) return;
    await this.#turn();
    const { entry, statements } = this.#read(hash);
    this.#entry(hash);
    const batch = batchOf(entry);
    if (batch !== undefined) this.#take(batch);
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

  #matters(hash: EntryHash): boolean {
    const known = this.#callsForOne.get(hash);
    if (known !== undefined) return known;
    const matters = callsForCheckpoint(this.#read(hash).statements);
    this.#callsForOne.set(hash, matters);
    return matters;
  }

  #entry(hash: EntryHash): void {
    const entry = readEntry(this.#take(fromEntryHash(hash)));
    this.entries.set(hash, this.#arrivalOf(hash));
    this.needs.add(entry.identity);
  }

  #arrivalOf(hash: EntryHash): number {
    const arrival = this.#parts.feed.arrivalOf(hash);
    if (arrival === undefined) throw new ArchiveError('internal', `${hash} has not arrived`);
    return arrival;
  }

  #read(hash: EntryHash): {
    readonly entry: Entry;
    readonly statements: readonly StatementOutline[];
  } {
    const entry = readEntry(this.#block(fromEntryHash(hash)));
    const batch = batchOf(entry);
    const statements = readBody(entry, batch === undefined ? undefined : this.#block(batch));
    return { entry, statements };
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
    for (const [at, member] of members.entries()) {
      if (at % BETWEEN_TURNS === 0) await this.#turn();
      const grown = appendLeaf(frontier, leafHash(cidToBytes(member), sha256), sha256);
      for (const { level, index: at, hash } of grown.completed) nodes.set(`${level}/${at}`, hash);
      frontier = grown.frontier;
    }
    const read = (level: number, at: number) => nodes.get(`${level}/${at}`) ?? new Uint8Array(0);
    this.sets.push({ set, index, hashes: inclusionProof(index, members.length, read, sha256) });
    return true;
  }

  #take(cid: Cid): Uint8Array {
    const bytes = this.#block(cid);
    this.#blocks.set(cid, bytes);
    return bytes;
  }

  #block(cid: Cid): Uint8Array {
    const bytes = this.#parts.ledger.block(cid);
    if (bytes === undefined) throw new ArchiveError('block_missing', `${cid} is not in the ledger`);
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
