import { randomBytes } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { INDEX_MIGRATIONS } from '../../src/content/packs/pack-index.ts';
import { putBytes } from '../../src/content/taking/put-file.ts';
import { verifyPack } from '../../src/content/verifying/verify-pack.ts';
import { type Cid, cidFromDigest } from '../../src/core/cid.ts';
import type { ContentProblem } from '../../src/core/ports/content-store.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openParts } from './open-parts.ts';
import { openStore } from './open-store.ts';

function ignore(): void {}

it('finds every single flipped bit of a pack and names the place', async () => {
  using folder = temporaryFolder();
  await using parts = openParts(folder.path);
  for (const size of [0, 1, 90, 300]) {
    const { cid } = await putBytes(parts.writer, randomBytes(size));
    await parts.writer.sync([cid]);
  }
  // The files, and the lists of roots that each commit wrote.
  const blocks = parts.index.blocksAfter(1, -1);
  expect(blocks).toHaveLength(8);
  const path = parts.files.pathOf(1);
  const sound = readFileSync(path);
  const check = {
    files: parts.files,
    index: parts.index,
    pack: { id: 1, length: sound.length },
    signal: undefined,
    onFrame: ignore,
    onDestroyed: ignore,
    onNode: ignore,
  };
  expect(await Array.fromAsync(verifyPack(check))).toEqual([]);
  for (let at = 0; at < sound.length; at += 1) {
    const broken = Buffer.from(sound);
    broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(path, broken);
    const problems = await Array.fromAsync(verifyPack(check));
    const inside = blocks.find(({ offset, length }) => offset <= at && at < offset + length);
    if (inside === undefined) {
      expect(problems, `offset ${at}`).toContainEqual(
        expect.objectContaining({ code: 'home_corrupt', subject: path }),
      );
    } else {
      const subject = cidFromDigest(inside.codec, inside.digest);
      const named = expect.objectContaining({ code: 'block_corrupt', subject });
      expect(problems, `offset ${at}`).toEqual([named]);
      expect(problems[0]?.text).toContain(
        `${path}, ${inside.length} bytes at offset ${inside.offset}`,
      );
    }
  }
}, 60_000);

it('names the blocks of a large file whose bits are flipped, and hands out none of them', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const path = join(folder.path, 'large');
  writeFileSync(path, randomBytes(5_000_000));
  const { cid } = await store.putFile({ path });
  await store.sync([cid]);
  const segments = await store.locate(cid);
  const pack = segments[0]?.path ?? '';
  const bytes = readFileSync(pack);
  for (const index of [1, 3]) {
    const at = (segments[index]?.offset ?? 0) + 500_000;
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  }
  writeFileSync(pack, bytes);
  const problems = await Array.fromAsync(store.verify());
  expect(problems.map(({ code }) => code)).toEqual(['block_corrupt', 'block_corrupt']);
  await expect(Array.fromAsync(store.read(cid))).rejects.toMatchObject({ code: 'block_corrupt' });
  const [problem] = problems;
  await expect(store.getBlock((problem?.subject ?? '') as Cid)).rejects.toMatchObject({
    code: 'block_corrupt',
  });
});

it('goes on behind a frame whose length is broken', async () => {
  using folder = temporaryFolder();
  await using store = await openStore(folder.path);
  const { cid } = await store.putFile({ bytes: randomBytes(3_000_000) });
  await store.sync([cid]);
  const segments = await store.locate(cid);
  const pack = segments[0]?.path ?? '';
  const bytes = readFileSync(pack);
  // The second byte of the first leaf's length, and a byte of the second leaf.
  const head = (segments[0]?.offset ?? 0) - 39;
  bytes[head + 1] = (bytes[head + 1] ?? 0) ^ 0x20;
  const second = segments[1]?.offset ?? 0;
  bytes[second] = (bytes[second] ?? 0) ^ 1;
  writeFileSync(pack, bytes);
  const problems = await Array.fromAsync(store.verify());
  expect(problems.map(({ code }) => code)).toEqual(['home_corrupt', 'block_corrupt']);
});

it('says what is wrong with an index that lost a row, points elsewhere or misses a root', async () => {
  using folder = temporaryFolder();
  const cids: Cid[] = [];
  {
    await using store = await openStore(folder.path);
    for (let i = 0; i < 4; i += 1) {
      cids.push((await store.putFile({ bytes: randomBytes(100) })).cid);
    }
    const { cid } = await store.putFile({ bytes: randomBytes(1_500_000) });
    cids.push(cid);
    await store.sync(cids);
  }
  {
    using db = openDatabase(join(folder.path, 'content.db'), { migrations: INDEX_MIGRATIONS });
    const row = 'SELECT digest FROM blocks ORDER BY offset LIMIT 1 OFFSET';
    db.exec(`DELETE FROM blocks WHERE digest = (${row} 0)`);
    db.exec(`UPDATE blocks SET offset = offset + 1 WHERE digest = (${row} 0)`);
    db.exec(`UPDATE blocks SET length = length - 1 WHERE digest = (${row} 1)`);
    // A leaf of the file is unknown and its frame gone: the root is not whole.
    db.exec('DELETE FROM blocks WHERE length = 1048576');
  }
  await using store = await openStore(folder.path);
  const problems: ContentProblem[] = await Array.fromAsync(store.verify());
  const index = join(folder.path, 'content.db');
  expect(problems).toContainEqual(
    expect.objectContaining({ code: 'home_corrupt', subject: index }),
  );
  expect(problems.find(({ text }) => text.includes('another block'))).toBeDefined();
  expect(problems.filter(({ code }) => code === 'block_missing').map((p) => p.subject)).toEqual(
    expect.arrayContaining([cids[0], cids[4]]),
  );
});

it('opens with a pack cut short, says so, and stores new things elsewhere', async () => {
  using folder = temporaryFolder();
  const pack = join(folder.path, 'packs', '00000001.car');
  let first: Cid;
  let last: Cid;
  {
    await using store = await openStore(folder.path);
    first = (await store.putFile({ bytes: Buffer.from('first') })).cid;
    last = (await store.putFile({ bytes: randomBytes(5_000) })).cid;
    await store.sync([first, last]);
  }
  truncateSync(pack, readFileSync(pack).length - 1_000);
  const damaged = expect.objectContaining({ code: 'home_corrupt', subject: pack });
  for (const round of [1, 2]) {
    await using store = await openStore(folder.path);
    expect(store.damage).toEqual([damaged]);
    expect(String(Buffer.from(await store.getBlock(first)))).toBe('first');
    await expect(store.getBlock(last)).rejects.toMatchObject({ code: 'block_corrupt' });
    const fresh = await store.putFile({ bytes: Buffer.from(`round ${round}`) });
    await store.sync([fresh.cid]);
    expect((await store.locate(fresh.cid))[0]?.path).toMatch(/00000002\.car$/);
    const problems = await Array.fromAsync(store.verify());
    expect(problems[0]).toEqual(damaged);
    expect(problems).toContainEqual(expect.objectContaining({ subject: last }));
  }
});
