import type { Helia } from 'helia';
import type { PackBlockstore } from './pack-blockstore.ts';

/**
 * Starts a Helia node over the store that talks to nobody: no libp2p, no routers, no block brokers.
 * For reading with IPFS libraries (`@helia/unixfs`); a block that is not here fails at once.
 *
 * Helia is loaded when this is called, since that takes half a second. Disposing stops the node and
 * leaves the store open.
 */
export async function createOfflineHelia(store: {
  readonly blockstore: PackBlockstore;
}): Promise<{ readonly helia: Helia } & AsyncDisposable> {
  const { createHeliaLight } = await import('helia');
  const helia = createHeliaLight({ blockstore: store.blockstore });
  await helia.start();
  return { helia, [Symbol.asyncDispose]: async () => void (await helia.stop()) };
}
