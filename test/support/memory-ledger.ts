import { createHash } from 'node:crypto';
import type { Cid } from '../../src/core/cid.ts';
import { type Did, didFromPublicKey } from '../../src/core/entries/did-key.ts';
import { toEntryHash } from '../../src/core/entries/entry-hash.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type { NamedPolicy, VettedInstitution } from '../../src/core/policy/documents.ts';
import { encodePolicy } from '../../src/core/policy/documents.ts';
import { SHIPPED_POLICIES } from '../../src/core/policy/shipped.ts';
import type { Append, Appended, Arrival, Change } from '../../src/core/ports/ledger.ts';
import { encodeBatch } from '../../src/core/statements/batch.ts';
import { type Block, encodeBlock } from '../../src/core/statements/block.ts';
import type { EntryHash } from '../../src/core/statements/fields.ts';
import type { Role } from '../../src/core/statements/kinds.ts';
import { decodeRecord, type RecordData } from '../../src/core/statements/record.ts';
import { decodeSetRoot, readSet } from '../../src/core/statements/set.ts';
import { readStatement, type StatementOutline } from '../../src/core/statements/statement.ts';

/** Who writes an entry of a {@link MemoryLedger}. */
export interface MemoryMember {
  readonly did: Did;
  readonly organisation: string;
  readonly roles: readonly Role[];
}

interface MemoryEntry {
  readonly hash: EntryHash;
  readonly author: MemoryMember;
  readonly clock: number;
  readonly next: readonly EntryHash[];
  readonly statements: readonly StatementOutline[];
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** Returns a member whose key and organisation follow from its number. */
export function memberOf(number: number, roles: readonly Role[] = ['steward']): MemoryMember {
  const key = sha256(new TextEncoder().encode(`member ${number}`));
  return {
    did: didFromPublicKey(key),
    organisation: number.toString(16).padStart(32, '0'),
    roles,
  };
}

/**
 * The part of a ledger that the catalog reads, in memory: entries are a graph of any shape, encoded
 * and named by the real functions of `core`, without signatures. Every member's every statement of a
 * known kind stands.
 */
export class MemoryLedger {
  readonly address = '/orbitdb/memory';
  readonly self: MemoryMember;
  readonly #blocks: Map<Cid, Uint8Array>;
  readonly #records: Map<Cid, Uint8Array>;
  readonly #entries: MemoryEntry[] = [];
  readonly #places = new Map<EntryHash, number>();
  readonly #erased = new Set<Cid>();
  readonly #late: Cid[] = [];
  readonly #institutions: readonly VettedInstitution[];

  constructor(
    options: {
      readonly self?: MemoryMember;
      readonly institutions?: readonly VettedInstitution[];
      readonly like?: MemoryLedger;
    } = {},
  ) {
    this.self = options.self ?? options.like?.self ?? memberOf(1);
    this.#institutions = options.institutions ?? options.like?.institutions() ?? [];
    this.#blocks = options.like === undefined ? new Map() : options.like.#blocks;
    this.#records = options.like === undefined ? new Map() : options.like.#records;
  }

  /** Appends one entry; without `parents` it follows everything that nothing follows yet. */
  append(
    { statements, records = [], documents = [] }: Partial<Append>,
    options: { readonly author?: MemoryMember; readonly parents?: readonly EntryHash[] } = {},
  ): Appended {
    const author = options.author ?? this.self;
    const next = [...(options.parents ?? this.heads())].sort();
    const batch = encodeBatch(statements ?? [], sha256);
    const clock = 1 + Math.max(0, ...next.map((parent) => this.#entry(parent).clock));
    const block = encodeBlock(
      { format: 1, author: author.did, batch: batch.cid, next, clock },
      sha256,
    );
    const hash = toEntryHash(block.cid);
    for (const { cid, bytes } of documents) this.#blocks.set(cid, bytes);
    for (const { cid, bytes } of records) this.#records.set(cid, bytes);
    this.#accept({ hash, author, clock, next, statements: statements ?? [] });
    return {
      entry: hash,
      arrival: this.#entries.length - 1,
      ids: (statements ?? []).map((_statement, place) => `${hash}/${place}`),
    };
  }

  /** Returns a ledger of the same archive that has accepted nothing yet. */
  empty(): MemoryLedger {
    return new MemoryLedger({ like: this });
  }

  /** Accepts an entry of another ledger of the same archive; its parents must be here. */
  take(other: MemoryLedger, place: number): void {
    const entry = other.#entries[place];
    if (entry === undefined) throw new RangeError(`there is no entry ${place}`);
    for (const parent of entry.next) this.#placeOf(parent);
    this.#accept(entry);
  }

  /** Returns, for each entry, the arrival numbers of its parents. */
  parents(): readonly (readonly number[])[] {
    return this.#entries.map(({ next }) => next.map((parent) => this.#placeOf(parent)));
  }

  heads(): readonly EntryHash[] {
    const parents = new Set(this.#entries.flatMap(({ next }) => next));
    return this.#entries.map(({ hash }) => hash).filter((hash) => !parents.has(hash));
  }

  size(): number {
    return this.#entries.length;
  }

  async *arrivals(since: number): AsyncGenerator<Arrival> {
    for (let number = since; number < this.#entries.length; number += 1) {
      const entry = this.#entries[number];
      if (entry !== undefined) yield toArrival(number, entry);
    }
  }

  /** Nothing falls here: every member's every statement stands. */
  async *changes(since: number): AsyncGenerator<Change> {
    for await (const arrival of this.arrivals(since)) yield { arrival, restated: nothing() };
  }

  async setMembers(set: Cid): Promise<readonly Cid[]> {
    const root = decodeSetRoot(this.#block(set));
    return readSet(
      root,
      root.pages.map((page) => this.#block(page)),
      sha256,
    );
  }

  /** Makes a record known that an entry has named before. */
  arriveLate({ cid, bytes }: Block): void {
    this.#records.set(cid, bytes);
    this.#late.push(cid);
  }

  lateRecords(since: number, limit: number): readonly Cid[] {
    return this.#late.slice(since, since + limit);
  }

  lateRecordCount(): number {
    return this.#late.length;
  }

  /** An erased record is gone at once, wherever in the ledger the erasure is. */
  record(cid: Cid): RecordData | undefined {
    const bytes = this.#erased.has(cid) ? undefined : this.#records.get(cid);
    return bytes === undefined ? undefined : decodeRecord(bytes);
  }

  block(cid: Cid): Uint8Array | undefined {
    return this.#blocks.get(cid);
  }

  isAncestor(ancestor: EntryHash, entry: EntryHash): boolean {
    const floor = this.#entry(ancestor).clock;
    const seen = new Set<EntryHash>();
    const waiting = [...this.#entry(entry).next];
    for (let hash = waiting.pop(); hash !== undefined; hash = waiting.pop()) {
      if (hash === ancestor) return true;
      if (seen.has(hash) || this.#entry(hash).clock <= floor) continue;
      seen.add(hash);
      waiting.push(...this.#entry(hash).next);
    }
    return false;
  }

  policies(): readonly NamedPolicy[] {
    return SHIPPED_POLICIES.map((policy) => ({ cid: encodePolicy(policy, sha256).cid, policy }));
  }

  credentialList(): undefined {}

  institutions(): readonly VettedInstitution[] {
    return this.#institutions;
  }

  #accept(entry: MemoryEntry): void {
    this.#places.set(entry.hash, this.#entries.length);
    this.#entries.push(entry);
    for (const { kind, body } of entry.statements) {
      const records: unknown = kind === 'erasure' ? body['records'] : [];
      // The schema of `erasure` says that these are CIDs.
      for (const record of records as readonly Cid[]) this.#erased.add(record);
    }
  }

  #placeOf(hash: EntryHash): number {
    const place = this.#places.get(hash);
    if (place === undefined) throw new ArchiveError('entry_rejected', `unknown parent ${hash}`);
    return place;
  }

  #entry(hash: EntryHash): MemoryEntry {
    const entry = this.#entries[this.#placeOf(hash)];
    if (entry === undefined) throw new ArchiveError('entry_rejected', `unknown entry ${hash}`);
    return entry;
  }

  #block(cid: Cid): Uint8Array {
    const bytes = this.#blocks.get(cid);
    if (bytes === undefined) throw new ArchiveError('block_missing', `no block ${cid}`);
    return bytes;
  }
}

function toArrival(number: number, { hash, author, clock, statements }: MemoryEntry): Arrival {
  const standing: Arrival['standing'][number][] = [];
  const unknown: Arrival['unknown'][number][] = [];
  const voids: Arrival['void'][number][] = [];
  for (const [place, outline] of statements.entries()) {
    const id = `${hash}/${place}`;
    const reading = readStatement(outline);
    if (reading.outcome === 'known') {
      const { statement } = reading;
      const { did, organisation, roles } = author;
      standing.push({
        id,
        entry: hash,
        clock,
        author: did,
        organisation,
        roles,
        witnesses: [],
        // A cosignature is the organisation's, at the time that stands in its note.
        ...(statement.kind === 'checkpoint'
          ? {
              cosigners: statement.body.cosignatures.map((cosignature) => ({
                organisation: cosignature.organisation,
                time: Number(cosignature.note),
              })),
            }
          : {}),
        statement,
      });
    } else if (reading.outcome === 'unknown') {
      unknown.push({ id, about: outline.about, kind: outline.kind });
    } else {
      voids.push({ id, kind: outline.kind, reason: reading.problem });
    }
  }
  return {
    number,
    entry: hash,
    author: author.did,
    standing,
    unknown,
    void: voids,
    records: new Map(),
  };
}

async function* nothing(): AsyncGenerator<Arrival> {}
