import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PackContentStore } from '../../src/content/pack-content-store.ts';
import { sha256 } from '../../src/content/sha256.ts';
import type { Cid } from '../../src/core/cid.ts';
import { createFileTree } from '../../src/core/unixfs/file-tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openStore } from './open-store.ts';

it('hashes a block once for readers who come again, and always for the others', async () => {
  using folder = temporaryFolder();
  const bytes = randomBytes(2_500_000);
  await using store = await openStore(folder.path);
  const { cid } = await store.putFile({ bytes });
  // Bytes that are in memory only are read from there.
  expect((await part(store, cid, 1_000_000, 100_000)).equals(bytes.subarray(1e6, 1.1e6))).toBe(
    true,
  );
  await store.sync([cid]);
  for (const [offset, length] of [
    [0, 2_500_000],
    [1_048_570, 20],
    [2_499_999, 1],
    [1_000_000, 1_200_000],
  ] as const) {
    const read = await part(store, cid, offset, length);
    expect(read.equals(bytes.subarray(offset, offset + length))).toBe(true);
  }
  const [segment] = await store.locate(cid);
  if (segment === undefined) throw new Error('no segment');
  const pack = readFileSync(segment.path);
  pack[segment.offset] = (pack[segment.offset] ?? 0) ^ 1;
  writeFileSync(segment.path, pack);
  expect((await part(store, cid, 0, 10)).equals(bytes.subarray(0, 10))).toBe(false);
  const hashed = Array.fromAsync(store.read(cid, { offset: 0, length: 10 }));
  await expect(hashed).rejects.toMatchObject({ code: 'block_corrupt' });
  await using fresh = await reopened(store, folder.path);
  await expect(part(fresh, cid, 0, 10)).rejects.toMatchObject({ code: 'block_corrupt' });
});

it('keeps decoded nodes for readers who come again, and reads them for the others', async () => {
  using folder = temporaryFolder();
  const bytes = randomBytes(2_500_000);
  await using store = await openStore(folder.path);
  const { cid } = await store.putFile({ bytes });
  await store.sync([cid]);
  const node = Buffer.from(await store.getBlock(cid));
  await part(store, cid, 0, 10);
  const [path = ''] = store.packs().map((one) => one.path);
  const pack = readFileSync(path);
  const at = pack.indexOf(node);
  pack[at] = (pack[at] ?? 0) ^ 1;
  writeFileSync(path, pack);
  const [from, length] = [1_048_570, 20];
  expect((await part(store, cid, from, length)).equals(bytes.subarray(from, from + length))).toBe(
    true,
  );
  expect(await store.stat(cid, { isHashed: false })).toMatchObject({ size: 2_500_000 });
  await expect(store.stat(cid)).rejects.toMatchObject({ code: 'block_corrupt' });
  const hashed = Array.fromAsync(store.read(cid, { offset: 0, length: 10 }));
  await expect(hashed).rejects.toMatchObject({ code: 'block_corrupt' });
});

it('gives any range of a file of small and large parts, gathered, whatever was read before', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { root, bytes } = await composed(store);
  await store.lookUp(root);
  for (let seed = 1; seed < 60; seed += 1) {
    const offset = (seed * 7_919_333) % bytes.length;
    const length = seed % 3 === 0 ? bytes.length : (seed * 104_729) % 700_000;
    const read = await part(store, root, offset, length);
    expect(read.equals(bytes.subarray(offset, offset + length))).toBe(true);
  }
  const chunks = await Array.fromAsync(store.read(root, { isHashed: false }), (one) => one.length);
  expect(Math.max(...chunks)).toBeLessThanOrEqual(524_288);
  expect(chunks.reduce((sum, one) => sum + one, 0)).toBe(bytes.length);
  expect(chunks.length).toBeLessThan(50);
});

it('gives nothing of a part that is destroyed while the file is read, and the rest of the others', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { root, bytes, parts } = await composed(store);
  // Every place is known, and every block was found sound.
  await part(store, root, 0, bytes.length);
  const reading = store.read(root, { isHashed: false });
  const got: Buffer[] = [];
  const broken = (async () => {
    for await (const chunk of reading) {
      if (got.length === 0) await store.destroy([parts.at(-1) as Cid]);
      got.push(Buffer.from(chunk));
    }
  })();
  await expect(broken).rejects.toMatchObject({ code: 'block_missing' });
  const read = Buffer.concat(got);
  expect(read.length).toBeGreaterThan(0);
  expect(read.equals(bytes.subarray(0, read.length))).toBe(true);
  await expect(store.lookUp(root)).rejects.toMatchObject({ code: 'block_missing' });
  await expect(part(store, root, bytes.length - 500, 500)).rejects.toMatchObject({
    code: 'block_missing',
  });
});

it('ends with a reader that goes away or is told to, and reads nothing after that', async () => {
  using folder = temporaryFolder();
  const store = await openStore(folder.path);
  const { root } = await composed(store);
  for await (const chunk of store.read(root, { isHashed: false })) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  const stop = new AbortController();
  const read = (async () => {
    for await (const _ of store.read(root, { isHashed: false, signal: stop.signal })) stop.abort();
  })();
  await expect(read).rejects.toMatchObject({ code: 'aborted' });
  await store[Symbol.asyncDispose]();
});

it('gives a few bytes on the spot once their block was hashed, and leaves all else to a reader', async () => {
  using folder = temporaryFolder();
  const bytes = randomBytes(2_500_000);
  await using store = await openStore(folder.path);
  const { cid } = await store.putFile({ bytes });
  await store.sync([cid]);
  const [from, length] = [1_000_000, 20_000];
  // Neither the node nor the block is known.
  expect(store.readAtOnce(cid, from, length)).toBeUndefined();
  await part(store, cid, 0, 1);
  const read = store.readAtOnce(cid, from, length);
  expect(read && Buffer.compare(read, bytes.subarray(from, from + length))).toBe(0);
  for (const [offset, size] of [
    // The next block was not hashed yet.
    [1_048_576, 10],
    // In two blocks; more than is read on the spot; nothing; behind the end.
    [1_048_570, 20],
    [0, 100_000],
    [10, 0],
    [2_500_000, 0],
    [2_499_999, 2],
    [3_000_000, 10],
  ] as const) {
    expect(store.readAtOnce(cid, offset, size)).toBeUndefined();
  }
  await store.destroy([cid]);
  expect(store.readAtOnce(cid, from, length)).toBeUndefined();
});

it('gives bytes on the spot from any depth, as a reader does', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { root, bytes } = await composed(store);
  await part(store, root, 0, bytes.length);
  let given = 0;
  for (let seed = 1; seed < 400; seed += 1) {
    const offset = (seed * 7_919_333) % bytes.length;
    const read = store.readAtOnce(root, offset, 300);
    if (read === undefined) continue;
    given += 1;
    expect(Buffer.compare(read, bytes.subarray(offset, offset + 300))).toBe(0);
  }
  // Where one block ends and the next begins it is left to a reader.
  expect(given).toBeGreaterThan(300);
});

/** A file of 301 parts, most of them small, in an order that is not that of the packs. */
async function composed(store: PackContentStore) {
  const tree = createFileTree({ sha256 });
  const parts: { readonly cid: Cid; readonly bytes: Buffer; readonly dagSize: number }[] = [];
  for (let number = 0; number < 301; number += 1) {
    const bytes = randomBytes(number % 100 === 7 ? 1_300_000 : 500 + ((number * 7919) % 60_000));
    const { cid, dagSize } = await store.putFile({ bytes });
    parts.push({ cid, bytes, dagSize });
  }
  const inOrder = parts.toSorted((a, b) => (a.cid < b.cid ? -1 : 1));
  for (const { cid, bytes, dagSize } of inOrder) {
    for (const node of tree.add({ cid, dagSize, fileSize: bytes.length })) {
      await store.putBlock(node.cid, node.bytes);
    }
  }
  const { root, blocks } = tree.finish();
  for (const node of blocks) await store.putBlock(node.cid, node.bytes);
  await store.sync([root.cid]);
  const bytes = Buffer.concat(inOrder.map((one) => one.bytes));
  return { root: root.cid, bytes, parts: inOrder.map(({ cid }) => cid) };
}

async function part(store: PackContentStore, cid: Cid, offset: number, length: number) {
  const parts = store.read(cid, { offset, length, isHashed: false });
  return Buffer.concat(await Array.fromAsync(parts, (one) => Buffer.from(one)));
}

async function reopened(store: PackContentStore, folder: string): Promise<PackContentStore> {
  await store[Symbol.asyncDispose]();
  return openStore(folder);
}
