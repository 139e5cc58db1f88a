import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PackContentStore } from '../../src/content/pack-content-store.ts';
import { type Cid, CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { encodeFileNode, encodeLeaf } from '../../src/core/unixfs/file-node.ts';
import { sha256 } from '../support/memory-content.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openStore } from './open-store.ts';

const SECRET = 'Ada Quillfeather';

/** Stores a file of three leaves, the middle one with a name in it. */
async function storeFile(store: PackContentStore) {
  const leaves = ['one', SECRET, 'three'].map((text) => encodeLeaf(Buffer.from(text), sha256));
  const root = encodeFileNode(leaves, sha256);
  for (const { cid, bytes } of [...leaves, root]) await store.putBlock(cid, bytes);
  await store.sync([root.cid]);
  return { root: root.cid, leaves: leaves.map(({ cid }) => cid) };
}

function filesWith(text: string, folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(text));
}

it('leaves nothing of a destroyed block in any file, and is sound, an index rebuilt from the packs included', async () => {
  using folder = temporaryFolder();
  let root: Cid;
  let secret: Cid;
  {
    await using store = await openStore(folder.path);
    const stored = await storeFile(store);
    root = stored.root;
    secret = stored.leaves[1] as Cid;
    await store.sync([]);
    expect(filesWith(SECRET, folder.path)).not.toEqual([]);
    const before = (await store.stats()).blocks;
    expect(await store.destroy([secret])).toBe(1);
    expect(await store.destroy([secret])).toBe(0);
    expect((await store.stats()).blocks).toBe(before - 1);
    expect(filesWith(SECRET, folder.path)).toEqual([]);
    expect(await Array.fromAsync(store.verify())).toEqual([]);
  }
  rmSync(join(folder.path, 'content.db'));
  for (const _opening of ['rebuilds its index', 'has its index']) {
    await using store = await openStore(folder.path);
    expect(store.damage).toEqual([]);
    expect(await store.has(secret)).toBe(false);
    await expect(Array.fromAsync(store.read(root))).rejects.toMatchObject({
      code: 'block_missing',
    });
    expect(await Array.fromAsync(store.verify())).toEqual([]);
  }
});

it('destroys what is not committed yet, and takes it again when it is put', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const bytes = Buffer.from(SECRET);
  const cid = cidFromDigest(CODEC.raw, sha256(bytes));
  await store.putBlock(cid, bytes);
  expect(await store.destroy([cid])).toBe(1);
  expect(filesWith(SECRET, folder.path)).toEqual([]);
  await store.putBlock(cid, bytes);
  await store.sync([cid]);
  expect(Buffer.from(await store.getBlock(cid))).toEqual(bytes);
  expect(await Array.fromAsync(store.verify())).toEqual([]);
});

it('still tells a block that is lost from one that was destroyed', async () => {
  using folder = temporaryFolder();
  {
    await using store = await openStore(folder.path);
    const { leaves } = await storeFile(store);
    await store.destroy([leaves[1] as Cid]);
    const lost = encodeFileNode([encodeLeaf(Buffer.from('never stored'), sha256)], sha256);
    await store.putBlock(lost.cid, lost.bytes);
    await store.sync([lost.cid]);
    expect(await Array.fromAsync(store.verify())).toEqual([
      { code: 'block_missing', subject: lost.cid, text: expect.any(String) },
    ]);
  }
});
