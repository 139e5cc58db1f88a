import { join } from 'node:path';
import { withBitswap } from '@helia/bitswap';
import { withLibp2pLight } from '@helia/libp2p';
import { unixfs } from '@helia/unixfs';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { FsBlockstore } from 'blockstore-fs';
import { createHeliaLight } from 'helia';
import type { Blockstore } from 'interface-blockstore';
import { CID } from 'multiformats/cid';
import { openStore, readAssets } from './fill.ts';
import { measure, type Way } from './way.ts';

/** Files fetched at the same time. */
const AT_ONCE = 16;

/** Stock Helia over TCP: bitswap from the same packs into a store of files, which syncs nothing. */
export const bitswap: Way = {
  async serve(folder, address) {
    const content = await openStore(folder);
    const helia = await openHelia(content.blockstore, [`/ip4/${address}/tcp/0`]);
    const cost = measure();
    return {
      place: String(helia.libp2p.getMultiaddrs()[0]),
      end: async () => {
        const { cpuSeconds } = cost();
        await helia.stop();
        await content[Symbol.asyncDispose]();
        return cpuSeconds;
      },
    };
  },

  async fetch(folder, place) {
    const blocks = new FsBlockstore(join(folder, 'blocks'));
    await blocks.open();
    const helia = await openHelia(blocks, []);
    const assets = await readAssets(folder);
    await helia.libp2p.dial(multiaddr(place));
    const files = unixfs(helia);
    const cost = measure();
    const fetchNext = async () => {
      for (let next = assets.pop(); next !== undefined; next = assets.pop()) {
        let received = 0;
        for await (const { byteLength } of files.cat(CID.parse(next.cid))) received += byteLength;
        if (received !== next.size) throw new Error(`${next.cid} has ${received} bytes`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, fetchNext));
    const spent = cost();
    await helia.stop();
    return spent;
  },
};

async function openHelia(blockstore: Blockstore, listen: readonly string[]) {
  const helia = withBitswap(
    withLibp2pLight(createHeliaLight({ blockstore }), {
      addresses: { listen: [...listen] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify() },
    }),
  );
  await helia.start();
  return helia;
}
