import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import type { ArchiveError } from '../errors.ts';
import type { Block } from '../statements/block.ts';
import type { EntryHash } from '../statements/fields.ts';

/** An entry with everything that belongs to it, as it travels between nodes. */
export interface Delivery {
  readonly bytes: Uint8Array;
  /** Batch, sets with their pages, envelopes and documents, in any order. */
  readonly blocks: readonly Block[];
  /** Records that its statements name and that the receiver may have. */
  readonly records: readonly Block[];
}

export type Imported =
  | { readonly outcome: 'accepted' | 'known'; readonly entry: EntryHash; readonly arrival: number }
  /**
   * `entry_rejected`: no node will ever accept it. `block_missing`: something that belongs to it was
   * not delivered. `format_unknown`: it follows rules newer than this program.
   */
  | { readonly outcome: 'refused'; readonly entry: EntryHash; readonly error: ArchiveError };

/** The head of a node's arrival log, signed by that node (C2SP tlog-checkpoint in a signed note). */
export interface FeedHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** The arrival log of this node as others read it, and the way in for theirs (ledger.md §6, §7). */
export interface LedgerFeed {
  /** Signs the arrival log as it is now. Nothing is appended. */
  head(): FeedHead;

  /** Returns up to `limit` leaves from arrival number `since` on. */
  leaves(since: number, limit: number): readonly EntryHash[];

  /** Returns the RFC 6962 proof that the first `from` leaves of a log of `to` leaves are unchanged. */
  consistencyProof(from: number, to: number): readonly Uint8Array[];

  /** Returns the RFC 6962 proof that leaf `index` is in the log of `size` leaves. */
  inclusionProof(index: number, size: number): readonly Uint8Array[];

  /** Returns the arrival number of an entry, undefined if it is not here. */
  arrivalOf(entry: EntryHash): number | undefined;

  /**
   * Returns an entry with all that belongs to it; undefined if it is not here. Of its records, those
   * that `mayHave` lets through: it is asked with the salted id of the collection each belongs to,
   * null for records of none.
   */
  delivery(entry: EntryHash, mayHave: (collection: string | null) => boolean): Delivery | undefined;

  /**
   * Accepts entries in the order given, parents first. One that is refused is left out, and so are
   * its descendants; the others are durable together when the promise resolves, in this order.
   * What one call is given is in memory at once, so callers hand in pages of some megabytes.
   */
  importEntries(deliveries: readonly Delivery[]): Promise<readonly Imported[]>;

  /** Records named by accepted entries that may be fetched later, by a node that may have them. */
  missingRecords(limit: number, after?: Cid): readonly Cid[];

  /** Stores records that accepted entries name; returns how many were. Others are left aside. */
  importRecords(records: readonly Block[]): Promise<number>;

  /** The key that signs this feed. */
  readonly did: Did;
}
