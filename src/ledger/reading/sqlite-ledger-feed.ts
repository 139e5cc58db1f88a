import { type Cid, cidFromBytes } from '../../core/cid.ts';
import { readBody } from '../../core/entries/body.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { Entry } from '../../core/entries/entry.ts';
import { entryHashToBytes } from '../../core/entries/entry-hash.ts';
import { signCheckpoint } from '../../core/entries/note.ts';
import {
  collectionOf,
  type OwnedCollection,
  recordOwners,
} from '../../core/entries/record-owners.ts';
import { companionsOf, documentsIn, setOf } from '../../core/entries/references.ts';
import { ArchiveError } from '../../core/errors.ts';
import { consistencyProof, inclusionProof } from '../../core/merkle/tree.ts';
import type { Signer } from '../../core/ports/keys.ts';
import type { Taken } from '../../core/ports/known-feeds.ts';
import type {
  Delivery,
  FeedHead,
  Imported,
  Leaf,
  LedgerFeed,
  MayHave,
  MissingRecords,
} from '../../core/ports/ledger-feed.ts';
import type { Block } from '../../core/statements/block.ts';
import { type EntryHash, isEntryHash, type StatementId } from '../../core/statements/fields.ts';
import { decodeSetRoot } from '../../core/statements/set.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import { rootAt } from '../checkpoints/arrival-tree.ts';
import type { LedgerParts } from '../ledger-parts.ts';
import { sha256 } from '../sha256.ts';
import { readStored, storedBatch } from './arrivals.ts';
import { verifiedBlock } from './verified-block.ts';

/** How imports are done, one after another with appends. */
interface Importing {
  importEntries(
    deliveries: readonly Delivery[],
    settle?: (imported: readonly Imported[]) => Taken | undefined,
  ): Promise<readonly Imported[]>;
  importRecords(records: readonly Block[]): Promise<readonly Cid[]>;
  watch(listener: () => void): () => void;
}

/** The arrival log of one home, read from its `ledger.db` as others ask for it. */
export class SqliteLedgerFeed implements LedgerFeed {
  readonly address: string;
  readonly charterCid: Cid;
  readonly did: Did;
  readonly importEntries: Importing['importEntries'];
  readonly importRecords: Importing['importRecords'];
  readonly watch: Importing['watch'];
  readonly #parts: LedgerParts;
  readonly #signer: Signer;
  /** The entry whose deposits were asked for last. */
  #deposits:
    | { readonly hash: EntryHash; readonly author: Did; readonly statements: Statements }
    | undefined;

  constructor(parts: LedgerParts, signer: Signer, importing: Importing) {
    this.#parts = parts;
    this.#signer = signer;
    this.address = parts.identity.address;
    this.charterCid = parts.identity.charterCid;
    this.did = signer.did;
    this.importEntries = importing.importEntries;
    this.importRecords = importing.importRecords;
    this.watch = importing.watch;
  }

  head(): FeedHead {
    const { store, tree } = this.#parts;
    const size = store.size();
    const body = { origin: tree.origin, size, root: rootAt(store, size) };
    return { ...body, note: signCheckpoint(body, this.#signer, sha256) };
  }

  leaves(since: number, limit: number): readonly Leaf[] {
    return this.#parts.store.leaves(since, limit);
  }

  consistencyProof(from: number, to: number): readonly Uint8Array[] {
    const { store } = this.#parts;
    if (from === 0) return [];
    return consistencyProof(from, to, (level, place) => store.treeNode(level, place), sha256);
  }

  inclusionProof(index: number, size: number): readonly Uint8Array[] {
    const { store } = this.#parts;
    return inclusionProof(index, size, (level, place) => store.treeNode(level, place), sha256);
  }

  arrivalOf(entry: EntryHash): number | undefined {
    return this.#parts.store.position(entry)?.arrival;
  }

  has(leaf: Leaf): boolean {
    return this.#parts.store.has(leaf);
  }

  delivery(leaf: Leaf, mayHave: MayHave): Delivery | undefined {
    const read = this.#read(leaf);
    if (read === undefined) return undefined;
    const named = this.#permitted(read.entry, read.statements, mayHave);
    return { bytes: read.bytes, blocks: this.#blocksOf(read), records: this.#recordsHere(named) };
  }

  records(leaf: Leaf, wanted: readonly Cid[], mayHave: MayHave): readonly Block[] {
    const read = this.#read(leaf);
    if (read === undefined) return [];
    const named = this.#permitted(read.entry, read.statements, mayHave);
    return this.#recordsHere(wanted.filter((cid) => named.has(cid)));
  }

  missingRecords(since: number, limit: number): readonly MissingRecords[] {
    const { store } = this.#parts;
    return store.missing.from(since, limit).map(({ arrival, leaf, records }) => ({
      arrival,
      leaf,
      records: records.map(cidFromBytes),
    }));
  }

  #read(leaf: Leaf): Read | undefined {
    const { store } = this.#parts;
    const stored = store.entry(leaf);
    if (stored === undefined) return undefined;
    const entry = readStored(stored);
    const batch = storedBatch(store, entry);
    return { bytes: stored.bytes, entry, batch, statements: readBody(entry, batch?.bytes) };
  }

  /** What must come with the entry, and of its other documents what is here. */
  #blocksOf({ batch, statements }: Read): readonly Block[] {
    const { store } = this.#parts;
    const blocks = new Map<Cid, Block>(batch === undefined ? [] : [[batch.cid, batch]]);
    const add = (cid: Cid): Uint8Array => {
      const bytes = blocks.get(cid)?.bytes ?? verifiedBlock(store, cid);
      blocks.set(cid, { cid, bytes });
      return bytes;
    };
    for (const outline of statements) {
      for (const cid of companionsOf(outline)) add(cid);
      for (const cid of documentsIn(outline)) {
        if (store.block(cid) !== undefined) add(cid);
      }
      const set = setOf(outline);
      for (const page of set === undefined ? [] : pagesOf(add(set))) {
        // Of a broken set, what follows the break was never asked for.
        if (store.block(page) !== undefined) add(page);
      }
    }
    return [...blocks.values()];
  }

  /** Returns the records that the statements name and somebody may have. */
  #permitted(entry: Entry, statements: Statements, mayHave: MayHave): ReadonlySet<Cid> {
    const named = new Set<Cid>();
    const said = { author: entry.identity, statements };
    for (const { record, owner } of recordOwners(said, (id) => this.#depositedIn(id))) {
      if (!named.has(record) && mayHave(owner)) named.add(record);
    }
    return named;
  }

  /** Returns the collection of a deposit; what refers to one mostly refers to many of one entry. */
  #depositedIn(id: StatementId): OwnedCollection | undefined {
    const [hash = '', place] = id.split('/');
    if (!isEntryHash(hash)) return undefined;
    if (this.#deposits?.hash !== hash) {
      const read = this.#read(entryHashToBytes(hash));
      if (read === undefined) return undefined;
      this.#deposits = { hash, author: read.entry.identity, statements: read.statements };
    }
    const { author, statements } = this.#deposits;
    const deposit = statements[Number(place)];
    const collection = deposit === undefined ? undefined : collectionOf(deposit);
    return collection === undefined ? undefined : { collection, author };
  }

  #recordsHere(named: Iterable<Cid>): readonly Block[] {
    // Not hashed here: whoever takes one hashes it, and leaves aside what is not what it is called.
    return [...this.#parts.store.records.each([...named])];
  }
}

/** Returns the pages of a set; none of what is no set. */
function pagesOf(root: Uint8Array): readonly Cid[] {
  try {
    return decodeSetRoot(root).pages;
  } catch (error) {
    if (error instanceof ArchiveError) return [];
    throw error;
  }
}

type Statements = readonly StatementOutline[];

/** A stored entry, hashed and read. */
interface Read {
  readonly bytes: Uint8Array;
  readonly entry: Entry;
  readonly batch: Block | undefined;
  readonly statements: Statements;
}
