import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PackContentStore } from '../../src/content/pack-content-store.ts';
import type { Cid } from '../../src/core/cid.ts';
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

async function part(store: PackContentStore, cid: Cid, offset: number, length: number) {
  const parts = store.read(cid, { offset, length, isHashed: false });
  return Buffer.concat(await Array.fromAsync(parts, (one) => Buffer.from(one)));
}

async function reopened(store: PackContentStore, folder: string): Promise<PackContentStore> {
  await store[Symbol.asyncDispose]();
  return openStore(folder);
}
