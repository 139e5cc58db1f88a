import type { Cid } from '../cid.ts';
import type { ArchiveError } from '../errors.ts';

/** A run of bytes inside a file of the content store. Valid until the store is closed. */
export interface Segment {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** What is known of a file once its bytes are stored. */
export interface StoredFile {
  readonly cid: Cid;
  /** Bytes of the file itself. */
  readonly size: number;
  /** Bytes of its whole DAG as stored: leaves and nodes. A link to it carries this as `Tsize`. */
  readonly dagSize: number;
  /** Bytes that were added to the packs for it; 0 when everything was there already. */
  readonly addedBytes: number;
}

/** Where bytes come from: a file on disk, or bytes in memory. */
export type FileSource = { readonly path: string | Uint8Array } | { readonly bytes: Uint8Array };

/**
 * A file of packs and how much of it is committed. Those bytes change only where blocks are destroyed, and
 * then `wipedBytes` is another.
 */
export interface CommittedPack {
  readonly name: string;
  readonly path: string;
  readonly length: number;
  /** How many of them belong to blocks that were given up and overwritten. */
  readonly wipedBytes: number;
}

export interface ContentProblem {
  readonly code: 'block_corrupt' | 'block_missing' | 'home_corrupt';
  /** The block, pack or root that is wrong. */
  readonly subject: string;
  readonly text: string;
}

/**
 * Bytes by CID, on disk, in append-only packs.
 *
 * `putFile`, `putBlock` and `putDirectory` may return before the bytes are durable; after the next
 * `sync` they are. Nothing that depends on them may be acknowledged before that. What they put can be
 * read at once.
 */
export interface ContentStore {
  /**
   * Stores one file and returns its CID under IPIP-0499 profile `unixfs-v1-2025`: what
   * `ipfs add` computes with that profile, for every size.
   *
   * Memory use does not grow with the file. Storing a file that is already here adds nothing.
   * A path that ends in a symbolic link, a folder, a pipe or a device is not read.
   *
   * @throws {ArchiveError} `file_unreadable`, `file_changed` (size or times differ after reading),
   * `disk_full`, `aborted`, `home_corrupt`; then nothing of the file stays.
   */
  putFile(source: FileSource, options?: { readonly signal?: AbortSignal }): Promise<StoredFile>;

  /**
   * Stores many files as `putFile` stores each, small ones several times faster, and yields for each
   * path, in their order, what was stored, or why this file was refused: `file_unreadable`,
   * `file_changed`.
   *
   * @throws {ArchiveError} `disk_full`, `aborted`, `home_corrupt`; what was yielded before stays.
   */
  putFiles(
    paths: readonly (string | Uint8Array)[],
    options?: { readonly signal?: AbortSignal },
  ): AsyncIterable<StoredFile | ArchiveError>;

  /**
   * Stores one block that the caller has encoded. The bytes may be reused when the promise resolves.
   *
   * @throws {ArchiveError} `input_invalid` if the bytes do not hash to the CID, or are more than the
   * 2 MiB that other nodes accept; `disk_full`, `home_corrupt`.
   */
  putBlock(cid: Cid, bytes: Uint8Array): Promise<void>;

  /**
   * Stores a block in place of a copy here that is damaged or out of reach, or because there is none,
   * and returns whether it did; a sound copy stays. The damaged one is given up for good: `verify`
   * passes over it. Durable after the next `sync`.
   *
   * @throws {ArchiveError} as {@link ContentStore.putBlock}.
   */
  repair(cid: Cid, bytes: Uint8Array): Promise<boolean>;

  /**
   * Destroys blocks: they are here no more, and then every copy of their bytes is overwritten where it lies,
   * by the next process that opens the store if need be. Returns how many were here. Whoever calls it sees
   * to it that nothing else needs them; files that link to them have a hole. Who puts one of them meanwhile
   * stores it anew. Durable when the promise resolves; calling it again after a failure finishes it.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`.
   */
  destroy(cids: readonly Cid[]): Promise<number>;

  /**
   * Says whether a `sync` has recorded this root and it is here, so that its whole DAG is here if nothing got
   * lost or was destroyed.
   */
  isRoot(cid: Cid): boolean;

  /** Returns a number that stays the same for as long as nothing is stored here and nothing destroyed. */
  changes(): number;

  /** Says whether a `sync` has ever recorded this root, be it here still or not. */
  wasRoot(cid: Cid): boolean;

  /**
   * Returns how many blocks of an asset that is no root yet have come from others, the first ones in the
   * order of its DAG, as noted last. Blocks that are here for another reason are not among them.
   */
  receivedOf(root: Cid): number;

  /** Notes that; kept until the asset is a root. Lost with the index. */
  noteReceived(root: Cid, blocks: number): Promise<void>;

  /**
   * Reads the nodes of files that became roots since it was called last, so that {@link
   * ContentStore.filesWith} knows their blocks; the first call reads those of all. A file with a node
   * that is damaged or missing is read again by the next call.
   *
   * @throws {ArchiveError} `aborted`, after which it can be called again; `home_corrupt`, `disk_full`.
   */
  recordParts(options?: { readonly signal?: AbortSignal }): Promise<void>;

  /** Does the same for one root, at once; nothing for what is none. */
  recordPartsOf(root: Cid): Promise<void>;

  /**
   * Returns roots of files of several blocks that this block is part of, up to 64 of them, as far as
   * {@link ContentStore.recordParts} has read them.
   */
  filesWith(cid: Cid): readonly Cid[];

  /** Says whether this block is part of a file of several blocks, as far as known, whose root is meant. */
  isInFile(cid: Cid, isMeant: (root: Cid) => boolean): boolean;

  /** Returns how many bytes there is room for, as the file system tells now. */
  freeBytes(): number;

  /**
   * Records that these DAG roots are wanted, and makes everything put so far durable.
   *
   * When the promise resolves, all bytes put before the call are on disk and the roots are recorded.
   * After `disk_full` nothing put before is dropped, and it can be called again when there is room.
   * With nothing new it writes nothing.
   *
   * @throws {ArchiveError} `block_missing` if a root is not here, `disk_full`, `home_corrupt`.
   */
  sync(roots: readonly Cid[]): Promise<void>;

  has(cid: Cid): Promise<boolean>;

  /**
   * Returns size and DAG size of a stored file root, or undefined if it is not here. Reads no leaf; where
   * `isHashed` is false, no node either that was read lately.
   */
  stat(
    cid: Cid,
    options?: { readonly isHashed?: boolean },
  ): Promise<{ readonly size: number; readonly dagSize: number } | undefined>;

  /**
   * Returns the bytes of one block, hashed and found equal to the CID: where `place` says, which is
   * told how many there are, or in a buffer of their own.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt`.
   */
  getBlock(cid: Cid, place?: (byteLength: number) => Uint8Array): Promise<Uint8Array>;

  /**
   * Returns where the bytes of a stored file lie, in order; joined they are the file.
   * For readers in other threads; they must treat what they read as unverified.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt` (a node of the file), `input_invalid` if
   * it is no file.
   */
  locate(cid: Cid): Promise<readonly Segment[]>;

  /**
   * Looks up where each part of a file lies, as far as that is not known: what is missing is told before
   * any of it is read.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt` (a node of the file), `input_invalid` if
   * it is no file.
   */
  lookUp(cid: Cid): Promise<void>;

  /**
   * Returns a few bytes of a file, the caller's to keep, where one read on the spot gives them: they lie in one
   * block that was found sound within the last hour, and the nodes above it were read lately. Undefined
   * otherwise, and then {@link ContentStore.read} has them.
   */
  readAtOnce(cid: Cid, offset: number, length: number): Uint8Array | undefined;

  /**
   * Streams the bytes of a UnixFS file, each block hashed before it is yielded. Where `isHashed` is
   * false, for readers who ask again and again, a block that was found sound within the last hour is not
   * hashed anew, only the bytes that are wanted are read, nodes that were read lately are not, and small
   * parts come together in chunks of up to 512 KiB, the next of which is read ahead.
   * A yielded chunk may be reused after the consumer asks for the next one: copy to keep it.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt`, `input_invalid` if it is no file,
   * `aborted`.
   */
  read(
    cid: Cid,
    options?: {
      readonly offset?: number;
      readonly length?: number;
      readonly signal?: AbortSignal;
      readonly isHashed?: boolean;
    },
  ): AsyncIterable<Uint8Array>;

  /**
   * Yields the names and CIDs in a UnixFS directory (sharded or not), in the order of its links.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt`, `input_invalid` if it is no directory.
   */
  list(cid: Cid): AsyncIterable<{ readonly name: string; readonly cid: Cid }>;

  /**
   * Stores a UnixFS directory over blocks already put and returns its CID under the same profile.
   *
   * @throws {ArchiveError} `input_invalid` for a name that is empty, `.`, `..`, holds `/` or a zero
   * byte, is not well-formed text, or is given twice; `disk_full`, `home_corrupt`.
   */
  putDirectory(
    entries: readonly { readonly name: string; readonly cid: Cid; readonly dagSize: number }[],
  ): Promise<{ readonly cid: Cid; readonly dagSize: number }>;

  /**
   * Re-reads every pack and yields what is wrong; ends with nothing left when all is well.
   * Reads the packs themselves, not only the index: a block that the index lost is found as well.
   */
  verify(options?: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: { readonly bytes: number; readonly blocks: number }) => void;
  }): AsyncIterable<ContentProblem>;

  /** What was found wrong while opening: packs missing or cut short, bytes that cannot be read. */
  readonly damage: readonly ContentProblem[];

  /** Returns counts of what is committed; `bytes` is the length of all packs. */
  stats(): Promise<{ readonly blocks: number; readonly bytes: number; readonly packs: number }>;
}
