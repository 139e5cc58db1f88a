import type { Cid } from '../cid.ts';
import type { Charter } from '../entries/charter.ts';
import type { Did } from '../entries/did-key.ts';
import type { GovernanceView } from '../entries/governance/view.ts';
import type { Member } from '../entries/standing.ts';
import type { NamedCredentialList } from '../policy/credential-list.ts';
import type { Policy, VettedInstitution } from '../policy/documents.ts';
import type { StandingStatement, UnknownStatement } from '../provenance/facts.ts';
import type { Block } from '../statements/block.ts';
import type { EntryHash, StatementId } from '../statements/fields.ts';
import type { RecordData } from '../statements/record.ts';
import type { StatementOutline } from '../statements/statement.ts';

/** What goes into the ledger together: all of it is durable, or none. */
export interface Append {
  /** 1 to 1,024 statements, checked by `createStatement`. */
  readonly statements: readonly StatementOutline[];
  /** Records that the statements name. */
  readonly records: readonly Block[];
  /** Sets and their pages, and other documents that the statements name. */
  readonly documents: readonly Block[];
}

export interface Appended {
  readonly entry: EntryHash;
  /** Arrival number of the entry on this node, from 0. */
  readonly arrival: number;
  /** Ids of the statements, in the order given. */
  readonly ids: readonly StatementId[];
}

/** A statement that counts for nothing, and why; `doctor` lists them. */
export interface VoidStatement {
  readonly id: StatementId;
  readonly kind: string;
  readonly reason: string;
}

/** One entry as the projection sees it, in arrival order. */
export interface Arrival {
  readonly number: number;
  readonly entry: EntryHash;
  readonly author: Did;
  readonly standing: readonly StandingStatement[];
  readonly unknown: readonly UnknownStatement[];
  readonly void: readonly VoidStatement[];
  /** What records of the entry say, where that is at hand; `record` has to be asked for the others. */
  readonly records: ReadonlyMap<Cid, RecordData>;
}

/** What one entry changes. */
export interface Change {
  /** The entry as it stood when it came. */
  readonly arrival: Arrival;
  /** Earlier entries that stand otherwise from then on, as they do then; to be read at once. */
  readonly restated: AsyncIterable<Arrival>;
}

export interface LedgerProblem {
  readonly code: 'home_corrupt' | 'entry_rejected' | 'block_missing' | 'block_corrupt';
  /** The entry, batch, record, arrival or file that is wrong. */
  readonly subject: string;
  readonly text: string;
}

/** How long a record is hidden before its bytes are deleted (ledger.md §2), in milliseconds. */
export const NOTICE_MS = 7 * 86_400_000;

/** What this home has done about one erasure statement, by how many of the records that it names. */
export interface ErasureProgress {
  readonly id: StatementId;
  /** It stands, and the record is hidden until its bytes are deleted. */
  readonly hidden: number;
  readonly deleted: number;
  /** Nothing of the record was here when its bytes would have been deleted. */
  readonly absent: number;
  /** It does not count: its author may not erase the record, or was revoked. */
  readonly void: number;
  /** When the bytes of all that is hidden are deleted, in milliseconds since 1970; null if none is. */
  readonly due: number | null;
}

/** A record that is here, and a statement of an accepted entry that names it, whether that counts or not. */
export interface RecordNaming {
  readonly record: Cid;
  readonly says: RecordData;
  readonly statement: StatementOutline;
  /** Who says it: the entry's author, or the member who signed it elsewhere. */
  readonly author: Did;
}

/** Evidence that a key was used in two places at once. Both entries stand. */
export interface Fork {
  readonly author: Did;
  readonly entries: readonly [EntryHash, EntryHash];
}

/** A checkpoint that this node has signed over its own arrival log. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

/** Signature lines of another organisation's keys over the text of a checkpoint's note. */
export interface CosignatureLines {
  readonly organisation: string;
  readonly note: string;
}

/** A checkpoint's note that others have confirmed. */
export interface CosignedNote {
  readonly note: string;
  readonly cosignatures: readonly CosignatureLines[];
}

/** How far this home's checkpoints go, and who has confirmed them. */
export interface CheckpointState {
  /** Something that calls for a checkpoint arrived since the newest one. */
  readonly isDue: boolean;
  /** The newest one of this home's own tree; undefined if it has none yet. */
  readonly newest:
    | (CosignedNote & { readonly entry: EntryHash; readonly size: number; readonly at: string })
    | undefined;
  /** Whether the newest covers anything that calls for a checkpoint. */
  readonly isWorthConfirming: boolean;
  /** The organisations that have confirmed all such things that it covers. */
  readonly confirmedBy: ReadonlySet<string>;
}

/**
 * The append-only log of signed statements, over OrbitDB's entry format.
 *
 * An append is on disk when its promise resolves and never fails after it has happened.
 */
export interface Ledger {
  /** `/orbitdb/zdpu…`: commits to the charter. */
  readonly address: string;
  readonly charterCid: Cid;
  readonly charter: Charter;
  /** The key of this home and the organisation it acts for. */
  readonly self: { readonly did: Did; readonly organisation: string };

  /**
   * Appends one batch as one signed entry.
   *
   * When the promise resolves, entry, batch, records, documents, index, heads and arrival number are
   * durable together. Appends are done one after another, in the order of the calls.
   *
   * @throws {ArchiveError} `statement_rejected` if a statement's own schema or the home key's role
   * would make it count for nothing, `home_restored`, `disk_full`. Nothing has happened then.
   */
  append(append: Append): Promise<Appended>;

  /**
   * Whether the home was restored from a backup and has not reached a partner since. It takes what others
   * have and appends nothing: {@link Ledger.append} and `checkpoint` throw `home_restored`.
   */
  readonly isWaiting: boolean;

  /** Lets a restored home append: it has taken all that a partner has, or there is none. Durable. */
  endWait(): void;

  /** Returns how many entries this node has accepted. */
  size(): number;

  /**
   * Returns the entries from arrival number `since` on, oldest first, read page by page, each as it
   * stands as of everything held.
   */
  arrivals(since: number): AsyncIterable<Arrival>;

  /**
   * Returns the entries from arrival number `since` on, each as it stood when it came, with what it
   * made stand or fall. Whoever applies all changes has what {@link arrivals} gives. Entries below
   * `settled` are given as they stand once all of these are there, so none of them restates another.
   */
  changes(since: number, settled?: number): AsyncIterable<Change>;

  /** Returns the members of a set, checked against its root. @throws `block_missing`, `block_corrupt`. */
  setMembers(set: Cid): Promise<readonly Cid[]>;

  /** Returns what a record says, or undefined if it is not here, or an erasure hides it. */
  record(cid: Cid): RecordData | undefined;

  /**
   * Yields the records that are here and not hidden, with what names them, in order of arrival; a record
   * as often as it is named. Reads the whole log.
   */
  namings(): AsyncIterable<RecordNaming>;

  /** Returns how far the erasures have got that this home has accepted, in order of arrival. */
  erasures(): readonly ErasureProgress[];

  /**
   * Deletes the bytes of records that are hidden since `since` (in milliseconds) or longer, with the
   * salts of the names in them, and returns how many records that settles. Durable, and not to be undone:
   * they are not taken again, even if the erasure falls. Nothing is left of them in the ledger's file.
   */
  deleteErased(since: number): Promise<number>;

  /**
   * Returns the records which changed after the entries that name them came: they came late, or an
   * erasure hides them or has fallen. In the order in which that happened, a record as often as it did;
   * up to `limit` of them, leaving out the first `since`.
   */
  lateRecords(since: number, limit: number): readonly Cid[];

  /** Returns how many such changes there were so far. */
  lateRecordCount(): number;

  /** Returns the bytes of an entry, batch, set, charter, policy or other ledger block; never a record. */
  block(cid: Cid): Uint8Array | undefined;

  /** Says whether entry `ancestor` is in the past of `entry` (not the entry itself). */
  isAncestor(ancestor: EntryHash, entry: EntryHash): boolean;

  /**
   * Returns the salt under which this home commits to a name of this sort, the same for the same
   * name for ever after; makes and stores one the first time. Durable with the next append.
   */
  salt(sort: 'maker' | 'collection' | 'item', name: string): Uint8Array;

  /** Returns the members as of everything held, in the order of their ids. */
  members(): readonly Member[];

  /**
   * Returns the member whose key this is as of everything held, with the roles that this key has;
   * undefined if it is nobody's, or no longer.
   */
  memberOf(key: Did): Member | undefined;

  /** Returns the keys of browsers in use that this home has given rights. */
  browserKeys(): readonly Did[];

  /** Returns what governs the archive as of everything held: stewards, proposals, invitations. */
  governance(): GovernanceView;

  /** Returns what a revocation of a member, or of one of its keys, made here now names as its last entries. */
  lastEntriesOf(id: Did, key: Did | null): readonly EntryHash[];

  /** Returns the policies in force by name, with the CIDs of their documents. */
  policies(): readonly { readonly cid: Cid; readonly policy: Policy }[];

  /** Returns the institutions vetted for custody by the trust lists in force. */
  institutions(): readonly VettedInstitution[];

  /** Returns the trust list for Content Credentials in force; undefined where none was enacted. */
  credentialList(): NamedCredentialList | undefined;

  /** Returns the forks that were seen: entries of one key of which neither is in the other's past. */
  forks(): readonly Fork[];

  /**
   * Returns a checkpoint entry of this home, the name of a ledger state, appending one where needed:
   * over all heads, and over more than 16 several, each over the one before.
   *
   * Nothing is appended if nothing but checkpoints, holdings, fixity and receipts arrived since the
   * last. With `force` the entry returned has everything held in its past, as a release needs.
   *
   * With `cosigned` an entry carrying that note is appended, if the note is still over the whole log,
   * or is that of the newest checkpoint and nothing that calls for another has arrived; else it is as
   * if nothing had been given, which the note returned shows.
   */
  checkpoint(options?: { readonly force?: boolean; readonly cosigned?: CosignedNote }): Promise<{
    readonly entry: EntryHash;
    readonly checkpoint: SignedCheckpoint;
  }>;

  /** Returns how far this home's checkpoints go. Reads a few rows. */
  checkpointState(): CheckpointState;

  /**
   * Reads the file once and yields what is wrong with its pages and indexes; quicker than {@link Ledger.verify},
   * which also recomputes what they say.
   */
  fileDamage(): AsyncIterable<LedgerProblem>;

  /**
   * Recomputes everything from the stored bytes: every entry by the acceptance rules, every batch,
   * set, record and document by its CID, heads, clocks, arrival numbers, the Merkle tree and every
   * signed checkpoint. Yields what is wrong; ends with nothing when all is well.
   */
  verify(options?: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: { readonly entries: number }) => void;
  }): AsyncIterable<LedgerProblem>;
}
