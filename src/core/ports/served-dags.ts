import type { CID } from 'multiformats/cid';
import type { Cid } from '../cid.ts';
import type { ContentProblem } from './content-store.ts';

/** A DAG, or several, or parts of some, that are given to whoever asks and are no assets. */
export interface ServedDag {
  /** Sixteen hexadecimal digits, the same for the same blocks in the same order. */
  readonly id: string;
  /** What the CAR file names as its roots. */
  readonly roots: readonly string[];
  readonly blocks: number;
  /** What they take on disk. */
  readonly bytes: number;
}

/**
 * Blocks that lie beside the archive: read through the gateway by anybody, named by no statement, asked
 * for by no partner, seen by no rule.
 */
export interface ServedDags {
  /**
   * Takes in the blocks of a CAR file (version 1 or 2), each hashed before it is written. Durable when
   * the promise resolves; one that is here already is told as it is. When it fails nothing stays.
   *
   * @throws {ArchiveError} `file_unreadable`; `input_invalid` for what is no CAR file, a block that does
   * not match its CID, one of more than 2 MiB, or a hash other than sha2-256, sha2-512 and identity; `disk_full`,
   * `aborted`.
   */
  add(
    path: string,
    options?: {
      readonly signal?: AbortSignal;
      readonly onProgress?: (done: { readonly bytes: number }) => void;
      /** Called for each block before it is taken in, by its sha2-256; what it throws refuses the whole file. */
      readonly check?: (cid: Cid) => void;
    },
  ): Promise<ServedDag>;

  /** Returns them by their ids. */
  list(): readonly ServedDag[];

  /** Forgets one and its bytes, and says whether there was one of this id. */
  remove(id: string): Promise<boolean>;

  has(cid: CID): boolean;

  /** Returns a block that matches the CID. @throws {ArchiveError} `block_missing`, `block_corrupt`. */
  get(cid: CID): Promise<Uint8Array>;

  /** Reads every byte again and yields what is wrong. */
  verify(options?: { readonly signal?: AbortSignal }): AsyncIterable<ContentProblem>;
}
