import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PackContentStore } from '../../../src/content/pack-content-store.ts';
import { type Cid, CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import { decodeFileNode, encodeFileNode } from '../../../src/core/unixfs/file-node.ts';
import { sha256 } from '../../support/memory-content.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openStore } from '../open-store.ts';

const MiB = 1_048_576;

async function leavesOf(store: PackContentStore, root: Cid): Promise<Cid[]> {
  return decodeFileNode(await store.getBlock(root)).children.map(({ cid }) => cid);
}

it('knows of every block which files it is part of, once these are roots', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const shared = randomBytes(MiB);
  const file = (size: number) =>
    store.putFile({ bytes: Buffer.concat([shared, randomBytes(size)]) });
  const [one, other, small] = [
    await file(2 * MiB),
    await file(5),
    await store.putFile({ bytes: shared }),
  ];
  await store.recordParts();
  expect(store.filesWith(small.cid)).toEqual([]);
  await store.sync([one.cid, other.cid, small.cid]);
  await store.recordParts();
  const [first = small.cid, second = small.cid] = await leavesOf(store, one.cid);
  expect(first).toBe(small.cid);
  expect([...store.filesWith(first)].sort()).toEqual([one.cid, other.cid].sort());
  expect(store.filesWith(second)).toEqual([one.cid]);
  expect(store.filesWith(one.cid)).toEqual([]);
});

it('knows the nodes between root and leaves, and tells no more than 64 files', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { cid, size, dagSize } = await store.putFile({ bytes: randomBytes(2 * MiB) });
  const link = { cid, fileSize: size, dagSize };
  const roots: Cid[] = [];
  for (let repeats = 1; repeats <= 70; repeats += 1) {
    const node = encodeFileNode(Array(repeats).fill(link), sha256);
    await store.putBlock(node.cid, node.bytes);
    roots.push(node.cid);
  }
  await store.sync(roots.slice(0, 1));
  await store.recordParts();
  expect(store.filesWith(cid)).toEqual(roots.slice(0, 1));
  const [leaf = cid] = await leavesOf(store, cid);
  expect(store.filesWith(leaf)).toEqual(roots.slice(0, 1));
  await store.sync(roots);
  await store.recordParts();
  expect(store.filesWith(leaf)).toHaveLength(64);
});

it('knows which folder a file is part of, and reads a file with a damaged node again when it is whole', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { cid, size, dagSize } = await store.putFile({ bytes: randomBytes(2 * MiB) });
  const directory = await store.putDirectory([{ name: 'file', cid, dagSize }]);
  const node = encodeFileNode([{ cid, fileSize: size, dagSize }], sha256);
  const missing = encodeFileNode([node], sha256);
  await store.putBlock(missing.cid, missing.bytes);
  await store.sync([directory.cid, missing.cid]);
  await store.recordParts();
  expect(store.filesWith(cid)).toEqual([directory.cid]);
  expect(store.filesWith(node.cid)).toEqual([missing.cid]);
  await store.putBlock(node.cid, node.bytes);
  await store.recordParts();
  expect([...store.filesWith(cid)].sort()).toEqual([directory.cid, missing.cid].sort());
});

it('finds out again after the index was lost', async () => {
  using folder = temporaryFolder();
  let root: Cid = cidFromDigest(CODEC.raw, sha256(new Uint8Array()));
  {
    await using store = await openStore(folder.path);
    root = (await store.putFile({ bytes: randomBytes(2 * MiB) })).cid;
    await store.sync([root]);
  }
  rmSync(join(folder.path, 'content.db'));
  await using store = await openStore(folder.path);
  await store.recordParts();
  const [leaf = root] = await leavesOf(store, root);
  expect(store.filesWith(leaf)).toEqual([root]);
});

it('stops when it is told to', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { cid } = await store.putFile({ bytes: randomBytes(2 * MiB) });
  await store.sync([cid]);
  await expect(store.recordParts({ signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  });
  await store.recordParts();
  expect(store.filesWith((await leavesOf(store, cid))[0] ?? cid)).toEqual([cid]);
});
