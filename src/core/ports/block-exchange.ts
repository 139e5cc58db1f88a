import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';

/** Where blocks that peers want come from, and whether they may have them. */
export interface BlockServer {
  /** Says whether the block is here and the peer may have it, as of now. */
  has(peer: Did, cid: Cid): Promise<boolean>;

  /** Returns the block, verified; undefined where {@link BlockServer.has} says no. */
  get(peer: Did, cid: Cid): Promise<Uint8Array | undefined>;

  /** Resolves when so many bytes may be sent. */
  pace(byteLength: number, signal: AbortSignal): Promise<void>;
}

/** Single blocks to and from any IPFS node, one at a time by its CID: bitswap. */
export interface BlockExchange {
  /**
   * Answers members and visitors from now on. What a peer may not have is answered as what is not
   * here, in the same words.
   */
  serve(blocks: BlockServer): void;

  /**
   * Returns a block from a connected peer, found to be its own; undefined if the peer does not have
   * it. What is wanted at the same time is asked for together.
   *
   * @throws {ArchiveError} `peer_refused` for a stranger, or if it speaks no bitswap;
   * `peer_unreachable`, `peer_timeout` if nothing of what is wanted came for a while, `aborted`.
   */
  want(
    peer: Did,
    cid: Cid,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Uint8Array | undefined>;
}
