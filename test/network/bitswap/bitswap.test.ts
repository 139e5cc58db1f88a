import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import type { Did } from '../../../src/core/entries/did-key.ts';
import type { PeerStanding } from '../../../src/core/ports/network.ts';
import { decodeFileNode } from '../../../src/core/unixfs/file-node.ts';
import type { NetworkOptions } from '../../../src/network/open-network.ts';
import { openHeliaPeer } from '../../support/helia-peer.ts';
import { signerOf } from '../../support/keys.ts';
import { openLoopbackNetwork } from '../../support/loopback-network.ts';
import { memoryBlocks } from '../../support/memory-blocks.ts';
import { createMemoryContent } from '../../support/memory-content.ts';

const visitors = (): PeerStanding => 'visitor';
const MiB = 1_048_576;

/** A node that serves what its content holds, to those it may be given to. */
async function openServer(
  options: Partial<NetworkOptions> = {},
  mayHave?: (peer: Did, cid: Cid) => boolean,
) {
  const network = await openLoopbackNetwork('node', { admits: visitors, ...options });
  const content = createMemoryContent();
  network.blocks.serve(memoryBlocks(content.blocks, mayHave));
  const [address = ''] = network.addresses;
  return {
    ...{ network, content, address },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

describe('blocks for others', () => {
  it('go to a Helia node: files of one block and of several', async () => {
    await using node = await openServer();
    await using helia = await openHeliaPeer('helia');
    await helia.dial(node.address);
    for (const size of [0, 5, 3 * MiB + 17]) {
      const bytes = randomBytes(size);
      const { cid } = node.content.putFile(bytes);
      expect((await helia.read(cid)).equals(bytes)).toBe(true);
    }
    expect(node.network.complaints()).toEqual([]);
    expect(node.network.peers()).toMatchObject([{ peer: helia.did, standing: 'visitor' }]);
  });

  it('are asked for by the node that has them as a member or a visitor, and by no stranger', async () => {
    await using node = await openServer({
      admits: (did) => (did === signerOf('stranger').did ? 'stranger' : 'member'),
    });
    const { cid } = node.content.putFile(randomBytes(5));
    await using stranger = await openHeliaPeer('stranger');
    await stranger.dial(node.address);
    await expect(stranger.read(cid, 500)).rejects.toThrow();
    await using member = await openHeliaPeer('member');
    await member.dial(node.address);
    expect((await member.read(cid)).length).toBe(5);
  });

  it('are not given to whom they are not for, and others go on', async () => {
    const secret = createMemoryContent().putFile(Buffer.from('secret')).cid;
    await using node = await openServer({}, (_, cid) => cid !== secret);
    node.content.putFile(Buffer.from('secret'));
    const open = node.content.putFile(Buffer.from('open'));
    await using helia = await openHeliaPeer('helia');
    await helia.dial(node.address);
    await expect(helia.read(secret, 500)).rejects.toThrow();
    expect(String(await helia.read(open.cid))).toBe('open');
  });
});

describe('blocks of others', () => {
  it('come from a Helia node, each found to be its own', async () => {
    await using network = await openLoopbackNetwork('node', { admits: visitors });
    await using helia = await openHeliaPeer('helia');
    const bytes = randomBytes(2 * MiB);
    const root = await helia.add(bytes);
    const peer = await network.dial(helia.address);
    expect(peer).toBe(helia.did);
    const node = (await network.blocks.want(peer, root)) ?? new Uint8Array();
    const parts = decodeFileNode(node).children;
    const leaves = await Promise.all(parts.map(({ cid }) => network.blocks.want(peer, cid)));
    expect(Buffer.concat(leaves.filter((leaf) => leaf !== undefined)).equals(bytes)).toBe(true);
    const missing = createMemoryContent().putFile(randomBytes(9)).cid;
    expect(await network.blocks.want(peer, missing)).toBeUndefined();
  });

  it('are not waited for when the peer goes, says nothing, is none, or nobody wants them', async () => {
    const cid = createMemoryContent().putFile(randomBytes(9)).cid;
    await using network = await openLoopbackNetwork('node', { bitswap: { patienceMs: 200 } });
    await expect(network.blocks.want(signerOf('nobody').did, cid)).rejects.toMatchObject({
      code: 'peer_unreachable',
    });
    await using deaf = await openLoopbackNetwork('deaf');
    const peer = await network.dial(deaf.addresses[0] ?? '');
    await expect(network.blocks.want(peer, cid)).rejects.toMatchObject({
      code: 'peer_timeout',
    });
    const aborting = network.blocks.want(peer, cid, { signal: AbortSignal.timeout(20) });
    await expect(aborting).rejects.toMatchObject({ code: 'aborted' });
    const leaving = network.blocks.want(peer, cid);
    await Promise.all([
      expect(leaving).rejects.toMatchObject({ code: 'peer_unreachable' }),
      network.disconnect(peer, 'for the test'),
    ]);
  });
});
