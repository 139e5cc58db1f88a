import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import { smallDisk, whyNoDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openStore } from './open-store.ts';

const MiB = 1_048_576;

const skipped = whyNoDisk('tmpfs');
const full = { code: 'disk_full', retryable: true };

it.skipIf(skipped !== '')(
  `keeps what it took when a disk fills up, and goes on${skipped}`,
  async () => {
    using disk = smallDisk();
    const path = disk.path;
    using home = temporaryFolder();
    const cids: Cid[] = [];
    {
      await using store = await openStore(home.path, { packDirectories: [path] });
      const first = await store.putFile({ bytes: randomBytes(10 * MiB) });
      await store.sync([first.cid]);
      cids.push(first.cid);
      const ballast = join(path, 'ballast');
      writeFileSync(ballast, randomBytes(13 * MiB));

      const taken = await store.putFile({ bytes: randomBytes(700_000) });
      const large = join(home.path, 'large');
      writeFileSync(large, randomBytes(5 * MiB));
      await expect(store.putFile({ path: large })).rejects.toMatchObject(full);
      const more = await fillUp(() => store.putFile({ bytes: randomBytes(1_000_000) }));
      expect(more).not.toEqual([]);
      await expect(store.sync([taken.cid])).rejects.toMatchObject(full);
      await expect(store.sync([taken.cid])).rejects.toMatchObject(full);
      expect((await store.getBlock(taken.cid)).length).toBe(700_000);

      unlinkSync(ballast);
      await store.sync([taken.cid, ...more]);
      const later = await store.putFile({ path: large });
      await store.sync([later.cid]);
      cids.push(taken.cid, later.cid, ...more);
      expect(await Array.fromAsync(store.verify())).toEqual([]);
    }
    await using store = await openStore(home.path, { packDirectories: [path] });
    expect(store.damage).toEqual([]);
    for (const cid of cids) expect(await store.stat(cid)).toBeDefined();
  },
);

it.skipIf(skipped !== '')(`keeps what it took when the index has no room${skipped}`, async () => {
  using disk = smallDisk();
  const indexPath = join(disk.path, 'content.db');
  using home = temporaryFolder();
  await using store = await openStore(home.path, { indexPath });
  const before = await store.putFile({ bytes: Buffer.from('before') });
  await store.sync([before.cid]);
  const ballast = join(disk.path, 'ballast');
  await fillUp(async () => {
    writeFileSync(ballast, randomBytes(64 * 1024), { flag: 'a' });
    return before;
  });
  const cids: Cid[] = [];
  for (let i = 0; i < 2_000; i += 1) {
    cids.push((await store.putFile({ bytes: randomBytes(10) })).cid);
  }
  await expect(store.sync(cids)).rejects.toMatchObject(full);
  expect(await store.has(cids[0] ?? before.cid)).toBe(true);
  truncateSync(ballast, 0);
  await store.sync(cids);
  expect((await store.stats()).blocks).toBeGreaterThanOrEqual(2_001);
  expect(await Array.fromAsync(store.verify())).toEqual([]);
});

it.skipIf(skipped !== '')(`goes on in the directory that has room${skipped}`, async () => {
  using small = smallDisk();
  using home = temporaryFolder();
  const roomy = join(home.path, 'roomy');
  const packDirectories = [small.path, roomy];
  await using store = await openStore(home.path, { packDirectories });
  for (let i = 0; i < 40; i += 1) {
    const { cid } = await store.putFile({ bytes: randomBytes(MiB) });
    await store.sync([cid]);
  }
  expect(readdirSync(roomy)).toContain('00000001.car');
  expect(statSync(join(roomy, '00000001.car')).size).toBeGreaterThan(40 * MiB);
});

/** Repeats until the disk is full; returns the CIDs of what was taken before. */
async function fillUp(put: () => Promise<{ readonly cid: Cid }>): Promise<Cid[]> {
  const cids: Cid[] = [];
  for (let i = 0; i < 1_000; i += 1) {
    try {
      cids.push((await put()).cid);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      expect(['disk_full', 'ENOSPC']).toContain(code);
      return cids;
    }
  }
  throw new Error('the disk never filled up');
}
