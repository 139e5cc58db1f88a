import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { unixfs } from '@helia/unixfs';
import { CarBlockIterator } from '@ipld/car';
import { CID } from 'multiformats/cid';
import { identity as identityHash } from 'multiformats/hashes/identity';
import { sha256 } from 'multiformats/hashes/sha2';
import { expect, it } from 'vitest';
import { createOfflineHelia } from '../../src/content/ipfs/offline-helia.ts';
import { putLargeFile } from '../../src/content/taking/put-file.ts';
import { SourceFile } from '../../src/content/taking/source-file.ts';
import { parseCid } from '../../src/core/cid.ts';
import { describeContentStore } from '../contracts/content-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openParts } from './open-parts.ts';
import { openStore } from './open-store.ts';

describeContentStore('the content store over packs', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder.path);
  const close = store[Symbol.asyncDispose].bind(store);
  store[Symbol.asyncDispose] = async () => {
    await close();
    folder[Symbol.dispose]();
  };
  return store;
});

it('is what Helia is built on, without any network', async () => {
  using folder = temporaryFolder();
  const elsewhere = Buffer.from('kept in the ledger');
  const elsewhereCid = CID.createV1(0x71, await sha256.digest(elsewhere));
  const blockSources = [(cid: string) => (cid === String(elsewhereCid) ? elsewhere : undefined)];
  await using store = await openStore(folder.path, { blockSources });
  await using node = await createOfflineHelia(store);
  const { helia } = node;
  const bytes = randomBytes(3_000_000);
  const file = await store.putFile({ bytes });
  const parts = await Array.fromAsync(unixfs(helia).cat(CID.parse(file.cid)));
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);

  const imported = await unixfs(helia).addBytes(bytes, { profile: 'unixfs-v1-2025' });
  expect(String(imported)).toBe(file.cid);
  const fromHelia = await unixfs(helia).addBytes(Buffer.from('from helia'));
  await store.sync([parseCid(String(fromHelia))]);

  expect(await helia.blockstore.has(elsewhereCid)).toBe(true);
  const read = await Array.fromAsync(helia.blockstore.get(elsewhereCid));
  expect(Buffer.concat(read).equals(elsewhere)).toBe(true);

  const unknown = CID.createV1(0x55, await sha256.digest(Buffer.from('nowhere')));
  await expect(Array.fromAsync(helia.blockstore.get(unknown))).rejects.toThrow();
  expect(await store.has(parseCid(String(unknown)))).toBe(false);
});

it('lets nobody delete, garbage collection included', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  await using node = await createOfflineHelia(store);
  const { cid } = await store.putFile({ bytes: randomBytes(2_000_000) });
  await store.sync([cid]);
  const refused = { code: 'deletion_refused' };
  await expect(node.helia.gc()).rejects.toMatchObject(refused);
  await expect(store.blockstore.delete(CID.parse(cid))).rejects.toMatchObject(refused);
  expect(() => store.blockstore.deleteMany([CID.parse(cid)])).toThrow(
    expect.objectContaining(refused),
  );
  expect(await Array.fromAsync(store.verify())).toEqual([]);
});

it('streams all of its blocks, each under its CID', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path, { maxPackBytes: 200_000 });
  const cids = new Set<string>();
  for (let i = 0; i < 1_500; i += 1) {
    cids.add((await store.putFile({ bytes: randomBytes(300) })).cid);
  }
  for await (const { cid, bytes } of store.blockstore.getAll()) {
    const [block] = await Array.fromAsync(bytes);
    const digest = await sha256.digest(block ?? new Uint8Array());
    expect(CID.createV1(cid.code, digest).equals(cid)).toBe(true);
    cids.delete(String(cid));
  }
  expect(cids.size).toBe(0);
});

it('refuses blocks with hashes that it does not check', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const identity = CID.createV1(0x55, identityHash.digest(Buffer.from('hello')));
  expect(await store.blockstore.has(identity)).toBe(false);
  await expect(store.blockstore.put(identity, Buffer.from('hello'))).rejects.toMatchObject({
    code: 'input_invalid',
  });
  await expect(Array.fromAsync(store.blockstore.get(identity))).rejects.toMatchObject({
    name: 'NotFoundError',
  });
});

it('writes packs that other tools read as CAR files', async () => {
  using folder = temporaryFolder();
  const wanted = new Set<string>();
  {
    await using store = await openStore(folder.path, { maxPackBytes: 3_000_000 });
    for (const size of [0, 1, 100, 70_000, 2_500_000, 1_048_576]) {
      const { cid } = await store.putFile({ bytes: randomBytes(size) });
      wanted.add(cid);
      await store.sync([cid]);
    }
  }
  const packs = readdirSync(join(folder.path, 'packs')).filter((name) => name.endsWith('.car'));
  expect(packs).toEqual(['00000001.car', '00000002.car']);
  for (const pack of packs) {
    const bytes = readFileSync(join(folder.path, 'packs', pack));
    const reader = await CarBlockIterator.fromBytes(bytes);
    expect((await reader.getRoots()).map(String)).toEqual(['bafkqaaa']);
    for await (const { cid, bytes: block } of reader) {
      wanted.delete(String(cid));
      if (cid.multihash.code === 0x12) {
        expect(CID.createV1(cid.code, await sha256.digest(block)).equals(cid)).toBe(true);
      }
    }
  }
  expect([...wanted]).toEqual([]);
});

it('gives a large file that changes while it is stored no place', async () => {
  using folder = temporaryFolder();
  await using parts = openParts(folder.path);
  const path = join(folder.path, 'changing');
  for (const change of [
    () => truncateSync(path, 2_000_000),
    () => appendFileSync(path, 'x'),
    () => utimesSync(path, 1, 1),
  ]) {
    writeFileSync(path, randomBytes(5_000_000));
    using source = new SourceFile(path);
    change();
    await expect(putLargeFile(parts, source, undefined)).rejects.toMatchObject({
      code: 'file_changed',
    });
  }
  writeFileSync(path, randomBytes(1_000));
  using small = new SourceFile(path);
  appendFileSync(path, 'x');
  expect(() => small.readInto(Buffer.alloc(2_000))).toThrow(
    expect.objectContaining({ code: 'file_changed' }),
  );
  await parts.writer.sync([]);
  expect(parts.index.totals()).toMatchObject({ blocks: 0 });
});

it('is refused to a second owner', async () => {
  using folder = temporaryFolder();
  await using _store = await openStore(folder.path, { lockFolder: folder.path });
  await expect(openStore(folder.path, { lockFolder: folder.path })).rejects.toMatchObject({
    code: 'home_locked',
  });
});

it('forgets how much of an asset has come once it is a root, of one block or many', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  for (const size of [100, 2_000_000]) {
    const { cid } = await store.putFile({ bytes: randomBytes(size) });
    await store.noteReceived(cid, 1);
    expect(store.receivedOf(cid)).toBe(1);
    await store.sync([cid]);
    expect(store.receivedOf(cid)).toBe(0);
  }
});
