import type { Cid } from '../../src/core/cid.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import type { BlockServer } from '../../src/core/ports/block-exchange.ts';

/** Blocks in memory, for everybody unless `mayHave` says otherwise. */
export function memoryBlocks(
  blocks: ReadonlyMap<Cid, Uint8Array>,
  mayHave: (peer: Did, cid: Cid) => boolean = () => true,
): BlockServer {
  return {
    has: async (peer, cid) => mayHave(peer, cid) && blocks.has(cid),
    get: async (peer, cid) => (mayHave(peer, cid) ? blocks.get(cid) : undefined),
    pace: async () => {},
  };
}
