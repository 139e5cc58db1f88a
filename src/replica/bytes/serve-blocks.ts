import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { BlockServer } from '../../core/ports/block-exchange.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import { isBlockDamage } from '../../core/unixfs/file-dag.ts';
import type { ByteServer } from './serve-bytes.ts';

interface BlockParts extends Pick<ByteServer, 'mayHave' | 'onDamage' | 'pace'> {
  readonly content: Pick<
    ContentStore,
    'isRoot' | 'recordPartsOf' | 'filesWith' | 'has' | 'getBlock'
  >;
}

/**
 * Returns the blocks that peers may have by their CIDs alone: those of assets that are here and that
 * the peer may have. Whatever keeps it from having one, the answer is the same.
 */
export function serveBlocks({ content, mayHave, onDamage, pace }: BlockParts): BlockServer {
  /** A block is an asset of one block, or part of those of several. */
  const assetWith = (peer: Did, cid: Cid): Cid | undefined =>
    [cid, ...content.filesWith(cid)].find((one) => content.isRoot(one) && mayHave(peer, one));
  return {
    has: async (peer, cid) => assetWith(peer, cid) !== undefined && (await content.has(cid)),
    async get(peer, cid) {
      const asset = assetWith(peer, cid);
      if (asset === undefined) return undefined;
      try {
        // Whoever has the root asks for its parts next.
        if (cid === asset) await content.recordPartsOf(cid);
        return await content.getBlock(cid);
      } catch (error) {
        if (!isBlockDamage(error)) throw error;
        onDamage(asset);
        return undefined;
      }
    },
    pace,
  };
}
