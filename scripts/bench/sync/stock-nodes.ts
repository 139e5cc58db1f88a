import { withBitswap } from '@helia/bitswap';
import { withLibp2pLight } from '@helia/libp2p';
import * as dagCbor from '@ipld/dag-cbor';
import { gossipsub } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createHeliaLight } from 'helia';
import { type Cost, costOf } from './cost.ts';

/** Stock OrbitDB 4.0.0 as its README sets it up, over TCP, with its blocks in memory. */
async function openNode(directory: string, listen: readonly string[]) {
  // Our own declarations of the package hold only what the ledger uses of it.
  const { createOrbitDB } = (await import('@orbitdb/core')) as unknown as StockOrbit;
  const helia = withBitswap(
    withLibp2pLight(createHeliaLight({ codecs: [dagCbor] }), {
      addresses: { listen: [...listen] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify(), pubsub: gossipsub({ allowPublishToZeroTopicPeers: true }) },
    }),
  );
  await helia.start();
  return { helia, orbit: await createOrbitDB({ ipfs: helia, directory }) };
}

interface StockOrbit {
  createOrbitDB(options: { ipfs: unknown; directory: string }): Promise<{
    open(address: string, options: { type: 'events' }): Promise<StockDatabase>;
  }>;
}

interface StockDatabase {
  readonly address: string;
  readonly events: { on(name: 'error', listener: (error: Error) => void): void };
  readonly log: { values(): Promise<readonly unknown[]> };
  add(value: unknown): Promise<string>;
}

/** Writes records, one an entry, and lets others take them; says where. */
export async function serve(
  directory: string,
  records: readonly unknown[],
  say: (place: { readonly address: string; readonly database: string }) => void,
): Promise<() => Cost> {
  const { helia, orbit } = await openNode(directory, ['/ip4/127.0.0.1/tcp/0']);
  const database = await orbit.open('bench', { type: 'events' });
  for (const record of records) await database.add(record);
  const [address] = helia.libp2p.getMultiaddrs();
  const cost = costOf();
  say({ address: String(address), database: database.address });
  return cost;
}

/** Takes them all; the time begins when the connection stands. */
export async function pull(
  directory: string,
  place: { readonly address: string; readonly database: string },
  count: number,
): Promise<Cost & { readonly entries: number }> {
  const { helia, orbit } = await openNode(directory, []);
  await helia.libp2p.dial(multiaddr(place.address));
  const cost = costOf();
  const database = await orbit.open(place.database, { type: 'events' });
  database.events.on('error', (error) => console.error(error.message));
  // Looking costs it time, so one looks seldom; what is waited too long is less than that.
  let entries = 0;
  while (entries < count) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    entries = (await database.log.values()).length;
  }
  return { ...cost(), entries };
}
