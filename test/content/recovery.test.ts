import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INDEX_MIGRATIONS } from '../../src/content/packs/pack-index.ts';
import { type Cid, parseCid } from '../../src/core/cid.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openStore } from './open-store.ts';

const indexOf = (folder: string) => join(folder, 'content.db');
const packOf = (folder: string, id: number) => join(folder, 'packs', `0000000${id}.car`);

/** Stores files of these sizes, one commit each, and closes the store. */
async function fill(folder: string, sizes: readonly number[], maxPackBytes = 2 ** 31) {
  await using store = await openStore(folder, { maxPackBytes });
  const cids: Cid[] = [];
  for (const size of sizes) {
    const { cid } = await store.putFile({ bytes: randomBytes(size) });
    await store.sync([cid]);
    cids.push(cid);
  }
  return cids;
}

/** Opens the store and expects all of it to be sound. */
async function expectSound(folder: string, cids: readonly Cid[]): Promise<void> {
  await using store = await openStore(folder);
  expect(store.damage).toEqual([]);
  for (const cid of cids) {
    for await (const chunk of store.read(cid)) expect(chunk.length).toBeGreaterThan(0);
  }
  expect(await Array.fromAsync(store.verify())).toEqual([]);
}

/** Returns where the second byte of the first file's frame length lies. */
async function lengthByteOf(folder: string, [cid]: readonly Cid[]): Promise<number> {
  await using store = await openStore(folder);
  const [segment] = await store.locate(parseCid(String(cid)));
  return (segment?.offset ?? 0) - 37;
}

function removeIndex(folder: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(indexOf(folder) + suffix, { force: true });
}

/** Every row of the index, apart from where the directories were last seen. */
function rowsOf(folder: string): unknown {
  using db = openDatabase(indexOf(folder), { migrations: INDEX_MIGRATIONS, readOnly: true });
  const tables = ['store', 'packs', 'blocks', 'roots', 'file_sizes'];
  return tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all());
}

describe('after a crash', () => {
  it('cuts off what was not committed: half a frame, whole frames, a new pack', async () => {
    using folder = temporaryFolder();
    const cids = await fill(folder.path, [10, 2_000_000]);
    const length = statSync(packOf(folder.path, 1)).size;
    const frames = readFileSync(packOf(folder.path, 1)).subarray(26, 26 + 37 + 10);
    for (const garbage of [randomBytes(777), Buffer.alloc(5_000), frames]) {
      appendFileSync(packOf(folder.path, 1), garbage);
      copyFileSync(packOf(folder.path, 1), packOf(folder.path, 2));
      writeFileSync(packOf(folder.path, 2), readFileSync(packOf(folder.path, 2)).subarray(0, 99));
      await expectSound(folder.path, cids);
      expect(statSync(packOf(folder.path, 1)).size).toBe(length);
      expect(existsSync(packOf(folder.path, 2))).toBe(false);
    }
  });

  it('keeps what packs hold up to the last mark when the index missed it', async () => {
    using folder = temporaryFolder();
    const maxPackBytes = 1_000_000;
    const early = await fill(folder.path, [10, 20, 300_000], maxPackBytes);
    copyFileSync(indexOf(folder.path), join(folder.path, 'old.db'));
    const late = await fill(folder.path, [500_000, 40, 1_500_000, 50], maxPackBytes);
    const rows = rowsOf(folder.path);
    removeIndex(folder.path);
    copyFileSync(join(folder.path, 'old.db'), indexOf(folder.path));
    await expectSound(folder.path, [...early, ...late]);
    expect(rowsOf(folder.path)).toEqual(rows);
  });

  it('does not take damage in the middle for the end of what was committed', async () => {
    using folder = temporaryFolder();
    const early = await fill(folder.path, [10]);
    copyFileSync(indexOf(folder.path), join(folder.path, 'old.db'));
    const late = await fill(folder.path, [1_000, 2_000, 3_000]);
    const pack = readFileSync(packOf(folder.path, 1));
    const at = await lengthByteOf(folder.path, late);
    pack[at] = (pack[at] ?? 0) ^ 0x40;
    writeFileSync(packOf(folder.path, 1), pack);
    removeIndex(folder.path);
    copyFileSync(join(folder.path, 'old.db'), indexOf(folder.path));
    await using store = await openStore(folder.path);
    expect(statSync(packOf(folder.path, 1)).size).toBe(pack.length);
    expect(store.damage).toEqual([expect.objectContaining({ code: 'home_corrupt' })]);
    expect(await Promise.all([...early, ...late].map((cid) => store.has(cid)))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

describe('without its index', () => {
  it('makes it again from the packs, row for row, roots included', async () => {
    using folder = temporaryFolder();
    const cids = await fill(folder.path, [10, 0, 2_500_000, 70_000, 10], 1_000_000);
    const rows = rowsOf(folder.path);
    removeIndex(folder.path);
    await expectSound(folder.path, cids);
    expect(rowsOf(folder.path)).toEqual(rows);
  });

  it.each([
    ['text', () => Buffer.from('this is not an index, whatever its name may be')],
    ['a flipped header', (bytes: Buffer) => bytes.fill(0xff, 0, 16)],
    ['flipped first pages', (bytes: Buffer) => bytes.fill(0xff, 100, 8_192)],
    ['half of itself', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['nothing at all', () => Buffer.alloc(0)],
  ])('replaces one that holds %s, and keeps the damaged file', async (_what, damage) => {
    using folder = temporaryFolder();
    const cids = await fill(folder.path, [10, 1_200_000]);
    const rows = rowsOf(folder.path);
    const broken = damage(readFileSync(indexOf(folder.path)));
    writeFileSync(indexOf(folder.path), broken);
    await expectSound(folder.path, cids);
    expect(rowsOf(folder.path)).toEqual(rows);
    expect(existsSync(`${indexOf(folder.path)}.damaged`)).toBe(true);
  });

  it('finds what lies behind damage, and cuts nothing that could be somebody\u2019s', async () => {
    using folder = temporaryFolder();
    const cids = await fill(folder.path, [1_000, 2_000, 3_000]);
    const pack = readFileSync(packOf(folder.path, 1));
    pack[26] = 0xff;
    writeFileSync(packOf(folder.path, 1), Buffer.concat([pack, randomBytes(500)]));
    removeIndex(folder.path);
    await using store = await openStore(folder.path);
    expect(await Promise.all(cids.map((cid) => store.has(cid)))).toEqual([false, true, true]);
    expect(statSync(packOf(folder.path, 1)).size).toBe(pack.length);
    expect(store.damage).toEqual([expect.objectContaining({ subject: packOf(folder.path, 1) })]);
  });

  it('goes on where it was when it is interrupted', async () => {
    using folder = temporaryFolder();
    const cids = await fill(folder.path, [10, 20]);
    removeIndex(folder.path);
    writeFileSync(`${indexOf(folder.path)}.rebuilding`, 'left behind by a crash');
    await expectSound(folder.path, cids);
    expect(readdirSync(folder.path).sort()).toEqual(['content.db', 'packs']);
  });
});

describe('pack directories', () => {
  it('may be several, may move, and must all be there', async () => {
    using folder = temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const packDirectories = [at('a'), at('b')];
    let cid: Cid;
    {
      await using store = await openStore(folder.path, { packDirectories });
      cid = (await store.putFile({ bytes: Buffer.from('content') })).cid;
      await store.sync([cid]);
    }
    const holder = readdirSync(at('a')).includes('00000001.car') ? 'a' : 'b';
    renameSync(at(holder), at('moved'));
    const others = packDirectories.filter((path) => path !== at(holder));
    await expect(openStore(folder.path, { packDirectories })).rejects.toMatchObject({
      code: 'home_corrupt',
      message: expect.stringContaining(at(holder)),
    });
    removeIndex(folder.path);
    await expect(openStore(folder.path, { packDirectories: others })).rejects.toMatchObject({
      code: 'home_corrupt',
    });
    await using store = await openStore(folder.path, { packDirectories: [...others, at('moved')] });
    expect(String(Buffer.from(await store.getBlock(cid)))).toBe('content');
  });

  it('of another store, copied, or without their marker are refused', async () => {
    using folder = temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    for (const name of ['one', 'two']) {
      mkdirSync(at(name));
      await fill(at(name), [10]);
    }
    const refused = { code: 'home_corrupt' };
    const packsOf = (name: string) => join(at(name), 'packs');
    const withPacks = (...packDirectories: string[]) => openStore(at('one'), { packDirectories });
    await expect(withPacks(packsOf('two'))).rejects.toMatchObject(refused);
    cpSync(packsOf('one'), at('copy'), { recursive: true });
    await expect(withPacks(packsOf('one'), at('copy'))).rejects.toMatchObject(refused);
    rmSync(join(packsOf('one'), 'ringfence-packs.json'));
    await expect(withPacks(packsOf('one'))).rejects.toMatchObject(refused);
    writeFileSync(join(packsOf('one'), 'ringfence-packs.json'), '{"format":2}');
    await expect(withPacks(packsOf('one'))).rejects.toMatchObject(refused);
  });

  it('with a pack that the index does not know are not touched', async () => {
    using folder = temporaryFolder();
    await fill(folder.path, [900_000, 900_000, 10], 1_000_000);
    {
      using db = openDatabase(indexOf(folder.path), { migrations: INDEX_MIGRATIONS });
      db.exec('DELETE FROM packs WHERE id = 1');
    }
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: 'home_corrupt' });
    expect(existsSync(packOf(folder.path, 1))).toBe(true);
  });
});

it('refuses an index of a newer version and leaves it alone', async () => {
  using folder = temporaryFolder();
  await fill(folder.path, [10]);
  {
    using db = openDatabase(indexOf(folder.path), { migrations: INDEX_MIGRATIONS });
    db.exec('PRAGMA user_version = 99');
  }
  const before = readFileSync(indexOf(folder.path));
  await expect(openStore(folder.path)).rejects.toMatchObject({ code: 'home_newer' });
  expect(readFileSync(indexOf(folder.path)).equals(before)).toBe(true);
});
