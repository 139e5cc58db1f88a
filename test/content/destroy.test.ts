import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
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

/** Damages the first byte of a block. */
async function spoil(store: PackContentStore, cid: Cid): Promise<void> {
  const [held] = await store.locate(cid);
  const pack = readFileSync(String(held?.path));
  pack[Number(held?.offset)] = 0;
  writeFileSync(String(held?.path), pack);
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

it('destroys every copy of a block, those that a large file was written with included', async () => {
  using folder = temporaryFolder();
  const repeated = Buffer.alloc(1_048_576, SECRET);
  const twice = join(folder.path, 'twice');
  writeFileSync(twice, Buffer.concat([repeated, repeated]));
  const leaf = cidFromDigest(CODEC.raw, sha256(repeated));
  {
    await using store = await openStore(folder.path);
    const { cid } = await store.putFile({ path: twice });
    await store.sync([cid]);
    rmSync(twice);
    expect(await store.destroy([leaf])).toBe(1);
    expect(filesWith(SECRET, folder.path)).toEqual([]);
  }
  rmSync(join(folder.path, 'content.db'));
  await using store = await openStore(folder.path);
  expect(store.damage).toEqual([]);
  expect(await store.has(leaf)).toBe(false);
  expect(await Array.fromAsync(store.verify())).toEqual([]);
});

it('overwrites what the packs hold again: restored from a copy, or not overwritten before a kill', async () => {
  using folder = temporaryFolder();
  const packs = join(folder.path, 'packs');
  let secret: Cid;
  {
    await using store = await openStore(folder.path, { maxPackBytes: 100 });
    const { leaves } = await storeFile(store);
    secret = leaves[1] as Cid;
    const [held] = filesWith(SECRET, packs);
    const before = readFileSync(String(held));
    await store.destroy([secret]);
    // As a kill leaves it, or whoever copies an old pack back.
    writeFileSync(String(held), before);
  }
  for (const index of ['kept', 'lost']) {
    if (index === 'lost') rmSync(join(folder.path, 'content.db'));
    const [held] = filesWith(SECRET, packs);
    const before = held === undefined ? undefined : readFileSync(held);
    {
      await using store = await openStore(folder.path, { maxPackBytes: 100 });
      expect(store.damage, index).toEqual([]);
      expect(filesWith(SECRET, folder.path), index).toEqual([]);
      expect(await store.has(secret), index).toBe(false);
      expect(await Array.fromAsync(store.verify()), index).toEqual([]);
    }
    if (held !== undefined && before !== undefined) writeFileSync(held, before);
  }
});

it('tells of a loss that lies behind a copy which was given up', async () => {
  using folder = temporaryFolder();
  const { root, secret } = await (async () => {
    await using store = await openStore(folder.path, { maxPackBytes: 100 });
    const stored = await storeFile(store);
    const [, cid] = stored.leaves;
    const bytes = await store.getBlock(cid as Cid);
    await spoil(store, cid as Cid);
    await store.repair(cid as Cid, bytes);
    await store.sync([]);
    const [held] = await store.locate(cid as Cid);
    rmSync(String(held?.path));
    return { root: stored.root, secret: cid as Cid };
  })();
  rmSync(join(folder.path, 'content.db'));
  await using store = await openStore(folder.path, { maxPackBytes: 100 });
  expect(await store.has(secret)).toBe(false);
  const problems = await Array.fromAsync(store.verify());
  expect(problems).toContainEqual({
    code: 'block_missing',
    subject: root,
    text: expect.any(String),
  });
});

it('destroys the damaged copies of a block that was repaired', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { leaves } = await storeFile(store);
  const secret = leaves[1] as Cid;
  const bytes = await store.getBlock(secret);
  await spoil(store, secret);
  expect(await store.repair(secret, bytes)).toBe(true);
  await store.sync([]);
  expect(filesWith(SECRET.slice(1), folder.path)).not.toEqual([]);
  await store.destroy([secret]);
  expect(filesWith(SECRET.slice(1), folder.path)).toEqual([]);
});

it('hands out no zeros, and takes what is put meanwhile', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const bytes = Buffer.alloc(1_000_000, SECRET);
  const cid = cidFromDigest(CODEC.raw, sha256(bytes));
  await store.putBlock(cid, bytes);
  await store.sync([cid]);
  const read = async () =>
    Buffer.concat(
      await Array.fromAsync(store.read(cid, { isHashed: false }), (part) => Buffer.from(part)),
    );
  expect(await read()).toEqual(bytes);
  let isOver = false;
  const destroying = store.destroy([cid]).then(() => {
    isOver = true;
  });
  const answers: unknown[] = [];
  const reading = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      answers.push(await read().catch((error: { code: string }) => error.code));
      await setImmediate();
    }
  });
  await Promise.all([destroying, ...reading]);
  for (const answer of answers) if (answer !== 'block_missing') expect(answer).toEqual(bytes);

  await store.putBlock(cid, bytes);
  await store.sync([cid]);
  const again = store.destroy([cid]);
  await expect.poll(() => store.has(cid), { interval: 0 }).toBe(false);
  await store.putBlock(cid, bytes);
  await store.sync([cid]);
  await again;
  expect(await read()).toEqual(bytes);
});
