import { withBitswap } from '@helia/bitswap';
import { withLibp2pLight } from '@helia/libp2p';
import { unixfs } from '@helia/unixfs';
import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createHeliaLight } from 'helia';
import { CID } from 'multiformats/cid';
import { type Cid, parseCid } from '../../src/core/cid.ts';
import { type Did, publicKeyOf } from '../../src/core/entries/did-key.ts';
import type { PeerAddress } from '../../src/core/ports/network.ts';
import { seedOf, signerOf } from './keys.ts';

/** A stock Helia node with the test key of its name, that finds blocks by bitswap alone. */
export interface HeliaPeer extends AsyncDisposable {
  readonly did: Did;
  readonly address: PeerAddress;
  dial(address: PeerAddress): Promise<void>;
  /** How many nodes it is connected with. */
  readonly connections: number;
  /** Reads a file from wherever it is to be had, within so long. */
  read(cid: Cid, timeoutMs?: number): Promise<Buffer>;
  add(bytes: Uint8Array): Promise<Cid>;
}

export async function openHeliaPeer(name: string): Promise<HeliaPeer> {
  const { did } = signerOf(name);
  const helia = withBitswap(
    withLibp2pLight(createHeliaLight(), {
      privateKey: privateKeyFromRaw(Buffer.concat([seedOf(name), publicKeyOf(did)])),
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify() },
    }),
  );
  await helia.start();
  const files = unixfs(helia);
  return {
    did,
    address: String(helia.libp2p.getMultiaddrs()[0]),
    dial: async (address) => void (await helia.libp2p.dial(multiaddr(address))),
    get connections() {
      return helia.libp2p.getConnections().length;
    },
    async read(cid, timeoutMs = 30_000) {
      const signal = AbortSignal.timeout(timeoutMs);
      const parts = await Array.fromAsync(files.cat(CID.parse(cid), { signal }));
      return Buffer.concat(parts);
    },
    add: async (bytes) => parseCid((await files.addBytes(bytes)).toString()),
    [Symbol.asyncDispose]: async () => void (await helia.stop()),
  };
}
