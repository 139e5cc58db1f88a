import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import { releaseTree } from '../../../src/core/dataset/release-tree.ts';
import type { WantedAsset } from '../../../src/core/ports/replica-wants.ts';
import { encodeFileNode } from '../../../src/core/unixfs/file-node.ts';
import type { ReleaseTree } from '../../../src/replica/bytes/serve-bytes.ts';
import { sha256 } from '../../support/memory-content.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { type ByteNode, byteNode, meet } from './node.ts';

const FOREVER = new AbortController().signal;
const SIZE = 8_000_000;

/** Stores a folder with one file of these parts, and says that it is a release. */
async function release(node: ByteNode, parts: readonly WantedAsset[]): Promise<WantedAsset> {
  const links = parts.map(({ cid, size }) => ({ cid, fileSize: size, dagSize: size }));
  const shard = encodeFileNode(links, sha256);
  await node.content.putBlock(shard.cid, shard.bytes);
  const { cid } = await node.content.putDirectory([
    { name: 'all-000000.tar', cid: shard.cid, dagSize: shard.dagSize },
  ]);
  await node.content.sync([cid]);
  return { cid, size: SIZE };
}

const treesOf =
  (root: Cid, members: readonly WantedAsset[]): ReleaseTree =>
  (one) =>
    one === root ? releaseTree(root, (cid) => members.some((it) => it.cid === cid)) : undefined;

it('travels without its assets, which travel as assets', async () => {
  const hub = new MemoryHub();
  await using cutter = await byteNode(hub, 1, { serves: false });
  const assets = [await cutter.put(3000), await cutter.put(3_000_000)];
  const glue = await cutter.put(700);
  const { cid, size } = await release(cutter, [glue, ...assets]);
  const trees = treesOf(cid, assets);
  cutter.serve({ releaseTree: trees });
  await using partner = await byteNode(hub, 2);
  await meet(partner, cutter);
  const copying = partner.replicator([{ cid, size }], { releaseTree: trees });
  expect(await copying.pass(FOREVER)).toMatchObject({ fetched: 1, unmet: 0 });
  expect(partner.content.isRoot(cid)).toBe(true);
  expect(await partner.content.has(glue.cid)).toBe(true);
  for (const asset of assets) expect(await partner.content.has(asset.cid)).toBe(false);
});

it('is never here by links to what somebody else has, unless its ledger counts that to it', async () => {
  const hub = new MemoryHub();
  await using victim = await byteNode(hub, 1);
  await using attacker = await byteNode(hub, 2, { serves: false });
  const secret = await victim.put(randomBytes(2000));
  const { cid, size } = await release(attacker, [secret]);
  const trees = treesOf(cid, []);
  attacker.serve({ releaseTree: trees });
  await meet(victim, attacker);
  const copying = victim.replicator([{ cid, size }], { releaseTree: trees });
  expect(await copying.pass(FOREVER)).toMatchObject({ fetched: 0, unmet: 1 });
  expect(victim.content.isRoot(cid)).toBe(false);
  // It lacks the block itself, which is no damage of an asset.
  expect(attacker.damaged).toEqual([]);
});
