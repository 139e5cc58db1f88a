import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PackContentStore } from '../../../src/content/pack-content-store.ts';
import { type Cid, CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import type { WantedAsset } from '../../../src/core/ports/replica-wants.ts';
import { childrenOf, wholeFile } from '../../../src/core/unixfs/file-dag.ts';
import { BYTES_PROTOCOL } from '../../../src/replica/bytes/protocol.ts';
import { serveBytes } from '../../../src/replica/bytes/serve-bytes.ts';
import { openHeliaPeer } from '../../support/helia-peer.ts';
import { signerOf } from '../../support/keys.ts';
import { openLoopbackNetwork } from '../../support/loopback-network.ts';
import { memoryBlocks } from '../../support/memory-blocks.ts';
import { createMemoryContent, readAll } from '../../support/memory-content.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { byteNode } from './node.ts';

const FOREVER = new AbortController().signal;
const MIB = 1_048_576;

/** A node with a store, over sockets, to which Helia nodes are visitors and all others members. */
async function openReplica(number: number) {
  await using opened = new AsyncDisposableStack();
  const node = opened.use(await byteNode(new MemoryHub(), number));
  const network = opened.use(
    await openLoopbackNetwork(`node ${number}`, {
      admits: (did) => (did === signerOf('helia').did ? 'visitor' : 'member'),
    }),
  );
  const all = opened.move();
  const parts = { network, blocks: network.blocks };
  return {
    ...{ network, content: node.content },
    put: node.put,
    pass: (wanted: readonly WantedAsset[]) => node.replicator(wanted, parts).pass(FOREVER),
    replicator: (wanted: readonly WantedAsset[]) => node.replicator(wanted, parts),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Flips a bit in the stored copy of a block. */
async function damage(content: PackContentStore, cid: Cid): Promise<void> {
  const [bytes, [pack]] = [Buffer.from(await content.getBlock(cid)), content.packs()];
  const path = pack?.path ?? '';
  const stored = readFileSync(path);
  const at = stored.indexOf(bytes);
  stored[at] = (stored[at] ?? 0) ^ 1;
  writeFileSync(path, stored);
}

it('takes from an IPFS node that it has called what no member delivers', async () => {
  await using replica = await openReplica(1);
  await using partner = await openReplica(2);
  await using helia = await openHeliaPeer('helia');
  const { content } = partner;
  partner.network.handle(BYTES_PROTOCOL, (stream, signal) => {
    const server = { content, mayHave: () => true, onDamage: () => {}, pace: async () => {} };
    return serveBytes(server, stream, signal);
  });
  const files = [0, 7, MIB + 1, 9 * MIB + 5].map((size) => randomBytes(size));
  const wanted: WantedAsset[] = [];
  for (const bytes of files) wanted.push({ cid: await helia.add(bytes), size: bytes.length });
  const ofPartner = await partner.put(2 * MIB);
  const nowhere = { cid: cidFromDigest(CODEC.raw, randomBytes(32)), size: 5 };
  await replica.network.dial(helia.address);
  await replica.network.dial(partner.network.addresses[0] ?? '');
  const report = await replica.pass([...wanted, ofPartner, nowhere]);
  expect(report).toMatchObject({ fetched: files.length + 1, unmet: 1, halted: null, failures: [] });
  expect(report.reasons).toContainEqual({ peer: helia.did, because: 'not-held', assets: 1 });
  for (const [i, bytes] of files.entries()) {
    const cid = wanted[i]?.cid ?? nowhere.cid;
    expect(replica.content.isRoot(cid)).toBe(true);
    expect((await readAll(replica.content, cid)).equals(bytes)).toBe(true);
  }
  expect(await Array.fromAsync(replica.content.verify())).toEqual([]);
  expect(await replica.pass(wanted)).toMatchObject({ fetched: 0, receivedBytes: 0 });
});

it('goes on where it was, and mends what is damaged, node or leaf', async () => {
  await using replica = await openReplica(1);
  await using helia = await openHeliaPeer('helia');
  const bytes = randomBytes(5 * MIB);
  const { cid, size } = await replica.put(bytes);
  expect(await helia.add(bytes)).toBe(cid);
  await replica.network.dial(helia.address);
  const root = wholeFile(cid, size);
  const [leaf = root] = childrenOf(root, await replica.content.getBlock(cid));
  const replicator = replica.replicator([]);
  for (const part of [leaf, root]) {
    await damage(replica.content, part.cid);
    replicator.repair({ root: cid, size, damaged: [part] });
    expect(await replicator.pass(FOREVER)).toMatchObject({ fetched: 1, failures: [] });
    expect((await replica.content.getBlock(part.cid)).length).toBeGreaterThan(0);
  }
  expect(await Array.fromAsync(replica.content.verify())).toEqual([]);
});

it('asks members that speak bitswap only, and no node that came of its own accord', async () => {
  await using replica = await openReplica(1);
  await using member = await openLoopbackNetwork('member', { admits: () => 'member' });
  await using helia = await openHeliaPeer('helia');
  const content = createMemoryContent();
  member.blocks.serve(memoryBlocks(content.blocks));
  const [mine, theirs] = [randomBytes(20_000), randomBytes(20_000)];
  const ofMember = { cid: content.putFile(mine).cid, size: mine.length };
  const ofHelia = { cid: await helia.add(theirs), size: theirs.length };
  await helia.dial(replica.network.addresses[0] ?? '');
  await replica.network.dial(member.addresses[0] ?? '');
  const report = await replica.pass([ofMember, ofHelia]);
  expect(report).toMatchObject({ fetched: 1, unmet: 1 });
  expect([ofMember, ofHelia].map(({ cid }) => replica.content.isRoot(cid))).toEqual([true, false]);
});

it('ends with the peer, and what has come by then is not asked for again', async () => {
  await using replica = await openReplica(1);
  await using source = await openLoopbackNetwork('helia', { admits: () => 'member' });
  const content = createMemoryContent();
  const bytes = randomBytes(12 * MIB);
  const wanted = { cid: content.putFile(bytes).cid, size: bytes.length };
  let given = 0;
  source.blocks.serve({
    ...memoryBlocks(content.blocks),
    async get(_, cid) {
      given += 1;
      if (given === 8) await source.disconnect(replica.network.did, 'for the test');
      return content.blocks.get(cid);
    },
  });
  const address = source.addresses[0] ?? '';
  await replica.network.dial(address);
  const replicator = replica.replicator([wanted]);
  const cut = await replicator.pass(FOREVER);
  expect(cut).toMatchObject({ fetched: 0, failures: [{ code: 'peer_unreachable' }] });
  await replica.network.dial(address);
  const { receivedBytes, fetched } = await replicator.pass(FOREVER);
  expect(fetched).toBe(1);
  expect(receivedBytes).toBeLessThan(bytes.length);
  expect((await readAll(replica.content, wanted.cid)).equals(bytes)).toBe(true);
});
