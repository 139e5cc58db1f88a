import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Cid, CODEC, codecOf } from '../../../src/core/cid.ts';
import type { WantedAsset } from '../../../src/core/ports/replica-wants.ts';
import { encodeFileNode } from '../../../src/core/unixfs/file-node.ts';
import { serveBlocks } from '../../../src/replica/bytes/serve-blocks.ts';
import { openHeliaPeer } from '../../support/helia-peer.ts';
import { signerOf } from '../../support/keys.ts';
import { openLoopbackNetwork } from '../../support/loopback-network.ts';
import { sha256 } from '../../support/memory-content.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { type ByteNode, byteNode, bytesOf, meet } from './node.ts';

const FOREVER = new AbortController().signal;
const MIB = 1_048_576;

/** Places nothing but a node that links to what others have, and says that it is an asset. */
async function makeUp(attacker: ByteNode, linked: readonly WantedAsset[]): Promise<WantedAsset> {
  const links = linked.map(({ cid, size }) => ({ cid, fileSize: size, dagSize: size }));
  const { cid, bytes, fileSize } = encodeFileNode(links, sha256);
  await attacker.content.putBlock(cid, bytes);
  await attacker.content.sync([cid]);
  return { cid, size: fileSize };
}

/** Says whether a node gives a peer a block by its CID alone, where the peer may have one asset. */
async function givesBlock(node: ByteNode, allowed: Cid, wanted: Cid): Promise<boolean> {
  await node.content.recordParts();
  const mayHave = (_: unknown, asset: Cid) => asset === allowed;
  const { content } = node;
  const server = serveBlocks({ content, mayHave, onDamage: () => {}, pace: async () => {} });
  return (await server.get(signerOf('anybody').did, wanted)) !== undefined;
}

describe('a made-up node that links to what somebody else has deposited', () => {
  const deeper = async (attacker: ByteNode, linked: WantedAsset) =>
    makeUp(attacker, [await makeUp(attacker, [linked])]);
  const shapes = [
    ['a file of one block', 1000, (attacker: ByteNode, it: WantedAsset) => makeUp(attacker, [it])],
    ['a large file', 3 * MIB, (attacker: ByteNode, it: WantedAsset) => makeUp(attacker, [it])],
    ['a file, by a second node', 1000, deeper],
    [
      'a file, behind bytes of its own',
      1000,
      async (attacker: ByteNode, it: WantedAsset) => makeUp(attacker, [await attacker.put(10), it]),
    ],
  ] as const;

  it.each(shapes)('never becomes an asset here: %s', async (_, size, shape) => {
    const hub = new MemoryHub();
    await using owner = await byteNode(hub, 1);
    await using victim = await byteNode(hub, 2);
    await using attacker = await byteNode(hub, 3);
    const secret = await owner.put(size);
    const made = await shape(attacker, secret);
    await meet(victim, attacker);
    const replicator = victim.replicator([made, secret]);
    await replicator.pass(FOREVER);
    await meet(victim, owner);
    // The linked asset comes between the attempts, in one of them, and is here before the last.
    for (let pass = 0; pass < 3; pass += 1) await replicator.pass(FOREVER);
    expect(victim.content.isRoot(secret.cid)).toBe(true);
    expect(await victim.content.has(made.cid)).toBe(true);
    expect(victim.content.isRoot(made.cid)).toBe(false);
    expect(replicator.unmet.get(made.cid)?.reasons.get(attacker.did)).toBe('damaged');
    expect(await givesBlock(victim, made.cid, secret.cid)).toBe(false);
    // A partner that may have the made-up asset gets nothing below it either.
    await using accomplice = await byteNode(hub, 4);
    await meet(accomplice, victim);
    await accomplice.replicator([made]).pass(FOREVER);
    expect(await accomplice.content.has(secret.cid)).toBe(false);
  });

  it('becomes one where whoever deposited it sends all of its bytes', async () => {
    const hub = new MemoryHub();
    await using owner = await byteNode(hub, 1);
    await using victim = await byteNode(hub, 2);
    const [first, second] = [await owner.put(2 * MIB), await owner.put(1000)];
    const composed = await makeUp(owner, [first, second]);
    await meet(victim, owner);
    const report = await victim.replicator([first, composed]).pass(FOREVER);
    expect(report).toMatchObject({ fetched: 2, unmet: 0 });
    expect((await bytesOf(victim, composed.cid)).length).toBe(2 * MIB + 1000);
  });

  it('is not filled up with blocks that an IPFS node gives to whoever names them', async () => {
    await using victim = await byteNode(new MemoryHub(), 1);
    await using helia = await openHeliaPeer('helia');
    await using network = await openLoopbackNetwork('victim', { admits: () => 'visitor' });
    const secret = randomBytes(1000);
    const linked = { cid: await helia.add(secret), size: secret.length };
    const made = await makeUp(victim, [linked]);
    await using replica = await byteNode(new MemoryHub(), 2);
    // As after an attempt at which the attacker sent the node, and nothing below it.
    await replica.content.putBlock(made.cid, await victim.content.getBlock(made.cid));
    await replica.content.noteReceived(made.cid, 1);
    await network.dial(helia.address);
    const parts = { network, blocks: network.blocks };
    const report = await replica.replicator([made], parts).pass(FOREVER);
    expect(report).toMatchObject({ fetched: 0, unmet: 1 });
    expect(report.reasons).toEqual([{ peer: helia.did, because: 'not-held', assets: 1 }]);
    expect(replica.content.isRoot(made.cid)).toBe(false);
  });

  it('that says two sizes of one block is no file', async () => {
    const hub = new MemoryHub();
    await using victim = await byteNode(hub, 1);
    await using attacker = await byteNode(hub, 2);
    const { cid, size } = await attacker.put(1000);
    expect(codecOf(cid)).toBe(CODEC.raw);
    const made = await makeUp(attacker, [
      { cid, size },
      { cid, size: size + 1 },
    ]);
    await meet(victim, attacker);
    const report = await victim.replicator([made]).pass(FOREVER);
    expect(report.fetched).toBe(0);
    expect(victim.content.isRoot(made.cid)).toBe(false);
  });
});
