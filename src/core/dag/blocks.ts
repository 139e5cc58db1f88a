import type { CID } from 'multiformats/cid';

/** Where the blocks of a DAG are read: of any codec, by CIDs of either version. */
export interface Blocks {
  /**
   * Returns the bytes of one block, which match the CID.
   *
   * @throws {ArchiveError} `block_missing`, `block_corrupt`.
   */
  get(cid: CID): Promise<Uint8Array>;
}
