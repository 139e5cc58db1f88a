import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import type { RecordOwner } from '../entries/record-owners.ts';
import type { ArchiveError } from '../errors.ts';
import type { Block } from '../statements/block.ts';
import type { EntryHash } from '../statements/fields.ts';
import type { Taken } from './known-feeds.ts';

/** The 36 bytes of an entry's CID: what the leaves of an arrival log are made of. */
export type Leaf = Uint8Array;

/** An entry with everything that belongs to it, as it travels between nodes. */
export interface Delivery {
  readonly bytes: Uint8Array;
  /** Batch, sets with their pages, envelopes and documents, in any order. */
  readonly blocks: readonly Block[];
  /** Records that its statements name and that the receiver may have. */
  readonly records: readonly Block[];
}

export type Imported =
  | { readonly outcome: 'known'; readonly entry: EntryHash; readonly arrival: number }
  | {
      readonly outcome: 'accepted';
      readonly entry: EntryHash;
      readonly arrival: number;
      readonly author: Did;
    }
  /**
   * `entry_rejected`: no node will ever accept it. `block_missing`: something that belongs to it was
   * not delivered. `format_unknown`: it follows rules newer than this program.
   */
  | { readonly outcome: 'refused'; readonly entry: EntryHash; readonly error: ArchiveError };

/** The head of a node's arrival log, signed by that node (C2SP tlog-checkpoint in a signed note). */
export interface FeedHead {
  /** Names one tree for ever: charter CID / node key / random epoch. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** Says whether somebody may have a record, by what it belongs to. */
export type MayHave = (owner: RecordOwner) => boolean;

/** Records of one accepted entry that are not here. */
export interface MissingRecords {
  readonly arrival: number;
  readonly leaf: Leaf;
  readonly records: readonly Cid[];
}

/** The arrival log of this node as others read it, and the way in for theirs (ledger.md §6, §7). */
export interface LedgerFeed {
  /** `/orbitdb/zdpu…`: which archive this is. */
  readonly address: string;
  readonly charterCid: Cid;
  /** The key that signs this feed. */
  readonly did: Did;

  /** Signs the arrival log as it is now. Nothing is appended. */
  head(): FeedHead;

  /** Returns up to `limit` leaves from arrival number `since` on. */
  leaves(since: number, limit: number): readonly Leaf[];

  /**
   * Returns the RFC 6962 proof that the first `from` leaves of a log of `to` leaves are unchanged.
   * Of nothing there is nothing to prove: none for `from` 0.
   */
  consistencyProof(from: number, to: number): readonly Uint8Array[];

  /** Returns the RFC 6962 proof that leaf `index` is in the log of `size` leaves. */
  inclusionProof(index: number, size: number): readonly Uint8Array[];

  /** Returns the arrival number of an entry, undefined if it is not here. */
  arrivalOf(entry: EntryHash): number | undefined;

  /** Says whether the entry of this leaf is here. */
  has(leaf: Leaf): boolean;

  /**
   * Returns an entry with all that belongs to it; undefined if it is not here. Of its records, those
   * that are here and that `mayHave` lets through.
   */
  delivery(leaf: Leaf, mayHave: MayHave): Delivery | undefined;

  /**
   * Accepts entries in the order given, parents first. One that is refused is left out, and so are
   * its descendants; the others are durable together when the promise resolves, in this order.
   * What one call is given is in memory at once, so callers hand in pages of some megabytes.
   *
   * `settle` is asked, with the outcomes, how far another node's feed is taken with these entries;
   * its answer is durable together with them.
   */
  importEntries(
    deliveries: readonly Delivery[],
    settle?: (imported: readonly Imported[]) => Taken | undefined,
  ): Promise<readonly Imported[]>;

  /**
   * Returns entries from arrival number `since` on that name records which are not here, until they
   * name `limit` records or more: a node that may have them can fetch them.
   */
  missingRecords(since: number, limit: number): readonly MissingRecords[];

  /** Returns those of the records that are here, that the entry names and `mayHave` lets through. */
  records(leaf: Leaf, wanted: readonly Cid[], mayHave: MayHave): readonly Block[];

  /**
   * Stores records that accepted entries name and that were missing; returns them. Others are left
   * aside, and so is what is no record. Durable when the promise resolves.
   */
  importRecords(records: readonly Block[]): Promise<readonly Cid[]>;

  /**
   * Calls the listener after every append or import that made the log longer, and returns how to
   * stop. What the listener throws is its own affair.
   */
  watch(listener: () => void): () => void;
}
