import type { Cid } from '../core/cid.ts';

/** Single blocks of IPFS by their CIDs, from a gateway or a peer. */
export interface BlockSource extends AsyncDisposable {
  /** As it is told to people. */
  readonly name: string;
  /**
   * Returns a block, found to be its own.
   *
   * @throws {ArchiveError} `not_found` where it is not there, or not for whoever asks, which nobody tells
   * apart; `peer_invalid` for another block; `peer_unreachable`, `peer_timeout`, `aborted`.
   */
  get(cid: Cid, signal: AbortSignal): Promise<Uint8Array>;
}
