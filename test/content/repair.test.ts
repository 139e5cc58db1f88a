import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PackContentStore } from '../../src/content/pack-content-store.ts';
import { type Cid, cidFromDigest } from '../../src/core/cid.ts';
import { sha256 } from '../support/memory-content.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openStore } from './open-store.ts';

const RAW = 0x55;

interface Leaf {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

function leaf(size: number): Leaf {
  const bytes = Uint8Array.from(randomBytes(size));
  return { cid: cidFromDigest(RAW, sha256(bytes)), bytes };
}

/** Flips a bit of the pack that holds the block, so many bytes from where the block's own begin. */
async function flip(store: PackContentStore, cid: Cid, from: number): Promise<void> {
  const [segment] = await store.locate(cid);
  if (segment === undefined) throw new Error(`${cid} is not here`);
  const pack = readFileSync(segment.path);
  const at = segment.offset + from;
  pack[at] = (pack[at] ?? 0) ^ 4;
  writeFileSync(segment.path, pack);
}

async function bytesOf(store: PackContentStore, cid: Cid): Promise<Uint8Array> {
  return Uint8Array.from(await store.getBlock(cid));
}

function problems(store: PackContentStore) {
  return Array.fromAsync(store.verify());
}

it('replaces a damaged block for good, an index rebuilt from the packs included', async () => {
  using folder = temporaryFolder();
  const leaves = [leaf(5_000), leaf(5_000), leaf(5_000)];
  const [, damaged] = leaves;
  if (damaged === undefined) throw new Error('no leaf');
  {
    await using store = await openStore(folder.path);
    for (const { cid, bytes } of leaves) await store.putBlock(cid, bytes);
    await store.sync(leaves.map(({ cid }) => cid));
    await flip(store, damaged.cid, 100);
    expect(await problems(store)).toHaveLength(1);
    expect(await store.repair(damaged.cid, damaged.bytes)).toBe(true);
    expect(await bytesOf(store, damaged.cid)).toEqual(damaged.bytes);
    await store.sync([]);
    expect(await problems(store)).toEqual([]);
    // It is sound now: nothing to do.
    expect(await store.repair(damaged.cid, damaged.bytes)).toBe(false);
  }
  rmSync(join(folder.path, 'content.db'));
  for (const _opening of ['rebuilds its index', 'has its index']) {
    await using store = await openStore(folder.path);
    expect(store.damage).toEqual([]);
    expect(await problems(store)).toEqual([]);
    for (const { cid, bytes } of leaves) {
      expect(await bytesOf(store, cid)).toEqual(bytes);
      expect(store.isRoot(cid)).toBe(true);
    }
  }
});

it('forgets the old place when the index is older than the repair', async () => {
  using folder = temporaryFolder();
  const index = join(folder.path, 'content.db');
  const damaged = leaf(3_000);
  {
    await using store = await openStore(folder.path);
    await store.putBlock(damaged.cid, damaged.bytes);
    await store.sync([damaged.cid]);
  }
  const older = readFileSync(index);
  {
    await using store = await openStore(folder.path);
    await flip(store, damaged.cid, 10);
    expect(await store.repair(damaged.cid, damaged.bytes)).toBe(true);
    await store.sync([]);
  }
  writeFileSync(index, older);
  await using store = await openStore(folder.path);
  expect(await bytesOf(store, damaged.cid)).toEqual(damaged.bytes);
  expect(await problems(store)).toEqual([]);
  expect((await store.stats()).blocks).toBe(2);
});

it('is found again where two neighbours are damaged and only one was repaired', async () => {
  using folder = temporaryFolder();
  const leaves = [leaf(2_000), leaf(2_000)];
  const [first, second] = leaves;
  if (first === undefined || second === undefined) throw new Error('no leaves');
  await using store = await openStore(folder.path);
  for (const { cid, bytes } of leaves) await store.putBlock(cid, bytes);
  await store.sync(leaves.map(({ cid }) => cid));
  await flip(store, first.cid, 1);
  await flip(store, second.cid, 1);
  await store.repair(first.cid, first.bytes);
  await store.sync([]);
  expect(await problems(store)).toEqual([
    expect.objectContaining({ code: 'block_corrupt', subject: second.cid }),
  ]);
  await store.repair(second.cid, second.bytes);
  await store.sync([]);
  expect(await problems(store)).toEqual([]);
});

it('puts a block that is not here, and refuses bytes of another', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { cid, bytes } = leaf(100);
  await expect(store.repair(cid, bytes.subarray(1))).rejects.toMatchObject({
    code: 'input_invalid',
  });
  expect(await store.repair(cid, bytes)).toBe(true);
  expect(await bytesOf(store, cid)).toEqual(bytes);
});
