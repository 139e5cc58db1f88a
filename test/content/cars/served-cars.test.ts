import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { identity } from 'multiformats/hashes/identity';
import { sha256, sha512 } from 'multiformats/hashes/sha2';
import { describe, expect, it } from 'vitest';
import { ServedCars } from '../../../src/content/cars/served-cars.ts';
import { carOf, createDagBuilder } from '../../support/dag-builder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function carIn(folder: string) {
  const dags = createDagBuilder();
  const files = await dags.files({ a: 'x'.repeat(3000), b: 'other' }, { chunk: 1000, version: 0 });
  const root = files.get('') ?? CID.parse('bafkqaaa');
  const path = join(folder, 'offered.car');
  dags.writeCar(path, [root]);
  return { path, root, blocks: [...dags.blocks.values()] };
}

describe('served CAR files', () => {
  it('are kept block by block, over restarts and without their index, until they are removed', async () => {
    using folder = temporaryFolder();
    const { path, root, blocks } = await carIn(folder.path);
    const home = join(folder.path, 'served');
    let id: string;
    {
      await using served = await ServedCars.open(home);
      expect(served.list()).toEqual([]);
      const added = await served.add(path);
      id = added.id;
      expect(added).toMatchObject({ roots: [String(root)], blocks: blocks.length });
      expect(await served.add(path)).toEqual(added);
      expect(served.list()).toEqual([added]);
    }
    for (const name of readdirSync(home)) if (name.startsWith('index.db')) rmSync(join(home, name));
    writeFileSync(join(home, 'dead.part'), 'of a process that was killed');
    await using served = await ServedCars.open(home);
    for (const { cid, bytes } of blocks) {
      for (const one of [cid, cid.toV1()]) {
        expect(Buffer.from(await served.get(one)).equals(bytes)).toBe(true);
      }
    }
    expect(await Array.fromAsync(served.verify())).toEqual([]);
    expect(await served.remove('ffff')).toBe(false);
    expect(await served.remove(id)).toBe(true);
    expect(served.has(root)).toBe(false);
    await expect(served.get(root)).rejects.toMatchObject({ code: 'block_missing' });
    expect(readdirSync(home).filter((name) => !name.startsWith('index.db'))).toEqual([]);
  });

  it('may be of version 2, with an index behind the blocks', async () => {
    using folder = temporaryFolder();
    const { path, root, blocks } = await carIn(folder.path);
    const inner = readFileSync(path);
    const head = Buffer.alloc(51);
    head.set([0x0a, 0xa1, 0x67, ...Buffer.from('version'), 0x02]);
    head.writeBigUInt64LE(64n, 27);
    head.writeBigUInt64LE(BigInt(inner.length), 35);
    head.writeBigUInt64LE(BigInt(64 + inner.length), 43);
    writeFileSync(path, Buffer.concat([head, Buffer.alloc(13), inner, Buffer.from('an index')]));
    await using served = await ServedCars.open(join(folder.path, 'served'));
    expect(await served.add(path)).toMatchObject({ roots: [String(root)], blocks: blocks.length });
  });

  it('are refused as a whole for one block that is not what it says, and leave nothing', async () => {
    using folder = temporaryFolder();
    const { path, root, blocks } = await carIn(folder.path);
    const good = readFileSync(path);
    const [first] = blocks;
    if (first === undefined) throw new Error('no block');
    const lie = { cid: first.cid, bytes: Buffer.from('something else') };
    const huge = await createDagBuilder().put(0x55, new Uint8Array(2_097_153));
    const long = CID.createV1(0x55, await sha512.digest(Buffer.from('other bytes')));
    const keccak = CID.createV1(0x55, createDigest(0x1b, new Uint8Array(32)));
    const cut = CID.createV1(0x55, createDigest(0x12, first.cid.multihash.digest.slice(0, 20)));
    const cases: [string, Uint8Array][] = [
      ['a wrong block', carOf([root], [...blocks, lie])],
      ['a large block', carOf([root], [{ cid: huge, bytes: new Uint8Array(2_097_153) }])],
      ['a wrong block by a longer hash', carOf([root], [{ cid: long, bytes: lie.bytes }])],
      ['a hash that is cut off', carOf([root], [{ cid: cut, bytes: first.bytes }])],
      ['a hash that is not checked', carOf([root], [{ cid: keccak, bytes: new Uint8Array(5) }])],
      ['a file that ends early', good.subarray(0, -3)],
      ['nothing', new Uint8Array(0)],
      ['no CAR', Buffer.from('PK\x03\x04 no CAR at all')],
      ['a length without end', Buffer.concat([good, Buffer.alloc(12, 0xff)])],
      ['an empty frame', Buffer.concat([good, Buffer.of(0)])],
      ['a frame without a CID', Buffer.concat([good, Buffer.of(3, 1, 2, 3)])],
      ['a header of a gigabyte', Buffer.of(0x80, 0x80, 0x80, 0x80, 4, 1)],
    ];
    await using served = await ServedCars.open(join(folder.path, 'served'));
    for (const [what, bytes] of cases) {
      writeFileSync(path, bytes);
      await expect(served.add(path), what).rejects.toMatchObject({ code: 'input_invalid' });
    }
    await expect(served.add(join(folder.path, 'none'))).rejects.toMatchObject({
      code: 'file_unreadable',
    });
    await expect(served.add(folder.path)).rejects.toMatchObject({ code: 'file_unreadable' });
    const kept = readdirSync(join(folder.path, 'served'));
    expect(kept.filter((name) => !name.startsWith('index.db'))).toEqual([]);
    expect(served.list()).toEqual([]);
  });

  it('may name blocks by sha2-512, over restarts and without their index', async () => {
    using folder = temporaryFolder();
    const { path, root, blocks } = await carIn(folder.path);
    const bytes = Buffer.from('by its longer hash');
    const long = CID.createV1(0x55, await sha512.digest(bytes));
    const cids: string[] = [];
    writeFileSync(path, carOf([root], [{ cid: long, bytes }, ...blocks]));
    const home = join(folder.path, 'served');
    {
      await using served = await ServedCars.open(home);
      const check = (cid: unknown) => cids.push(String(cid));
      expect(await served.add(path, { check })).toMatchObject({ blocks: blocks.length + 1 });
    }
    const short = CID.createV1(0x55, await sha256.digest(bytes));
    expect(cids[0]).toBe(String(short));
    for (const name of readdirSync(home)) if (name.startsWith('index.db')) rmSync(join(home, name));
    await using served = await ServedCars.open(home);
    expect(Buffer.from(await served.get(long)).equals(bytes)).toBe(true);
    expect([served.has(short), served.has(root)]).toEqual([false, true]);
    expect(await Array.fromAsync(served.verify())).toEqual([]);
  });

  it('pass over blocks that a CID holds itself', async () => {
    using folder = temporaryFolder();
    const { path, blocks } = await carIn(folder.path);
    const inline = CID.createV1(0x55, identity.digest(Buffer.from('inline')));
    writeFileSync(
      path,
      carOf([inline], [...blocks, { cid: inline, bytes: Buffer.from('inline') }]),
    );
    await using served = await ServedCars.open(join(folder.path, 'served'));
    expect(await served.add(path)).toMatchObject({ blocks: blocks.length });
  });

  it('that were changed on disk are told by verify, and not given out', async () => {
    using folder = temporaryFolder();
    const { path, root } = await carIn(folder.path);
    const home = join(folder.path, 'served');
    await using served = await ServedCars.open(home);
    const { id } = await served.add(path);
    const file = join(home, `${id}.car`);
    const bytes = readFileSync(file);
    const at = bytes.indexOf(root.multihash.digest.subarray(0, 8), 60) + 40;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(await Array.fromAsync(served.verify())).toMatchObject([
      { code: 'block_corrupt', subject: id },
    ]);
    await expect(served.get(root)).rejects.toMatchObject({ code: 'block_corrupt' });
    appendFileSync(file, 'more');
    rmSync(file);
    expect(await Array.fromAsync(served.verify())).toMatchObject([{ subject: id }]);
  });
});
