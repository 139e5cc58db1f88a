import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/backup/manifest.ts';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { restoreHome } from '../../src/compose/backups/restore-home.ts';
import { openStores } from '../../src/compose/open-archive.ts';
import { foundHome, openSmallHome, PASSPHRASE } from '../support/backup-home.ts';
import { seededBytes } from '../support/environs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const names = Array.from({ length: 10 }, (_, i) => `asset ${i}`);

async function filledHome(folder: string): Promise<string> {
  const home = await foundHome(folder);
  await using opened = await openSmallHome(home);
  await opened.fill(names);
  return home;
}

async function take(home: string, out: string) {
  await using opened = await openSmallHome(home);
  return await opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
}

/** Flips one bit in the bytes of an asset, and returns the CID of its block. */
async function harm(home: string, asset: string, pack: string): Promise<string> {
  const path = join(home, 'packs', pack);
  const bytes = await readFile(path);
  const place = bytes.indexOf(seededBytes(asset)(20_000));
  expect(place).toBeGreaterThan(0);
  bytes[place + 500] = (bytes[place + 500] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await using opened = await openSmallHome(home);
  return (await opened.content.putFile({ bytes: seededBytes(asset)(20_000) })).cid;
}

describe('a backup of a home with a damaged pack', () => {
  it('names the damaged block each time, and has all else', async () => {
    using folder = temporaryFolder();
    const home = await filledHome(folder.path);
    const cid = await harm(home, 'asset 1', '00000001.car');
    const out = join(folder.path, 'backup');
    for (const round of ['first', 'again']) {
      const { problems } = await take(home, out);
      expect(problems, round).toMatchObject([{ code: 'block_corrupt', subject: cid }]);
    }
    expect(await verifyBackup(out)).toMatchObject({ ok: true });
    const copy = join(folder.path, 'copy');
    await restoreHome(copy, { from: out, passphrase: PASSPHRASE, isAlone: true });
    await using stores = await openStores(copy);
    for (const name of names) {
      const { addedBytes } = await stores.content.putFile({ bytes: seededBytes(name)(20_000) });
      expect(addedBytes > 0, name).toBe(name === 'asset 1');
    }
  });

  it('keeps the sound bytes that an earlier backup has, also of a pack that has grown', async () => {
    using folder = temporaryFolder();
    const home = await filledHome(folder.path);
    const out = join(folder.path, 'backup');
    expect((await take(home, out)).problems).toEqual([]);
    {
      await using opened = await openSmallHome(home);
      await opened.fill(['asset 10']);
    }
    const last = (await readManifest(out))?.files.filter(({ path }) => path.startsWith('packs'));
    const pack = last?.at(-1)?.path.slice('packs/'.length) ?? '';
    const cid = await harm(home, 'asset 9', pack);
    expect((await take(home, out)).problems).toMatchObject([{ subject: cid }]);
    const copy = join(folder.path, 'copy');
    await restoreHome(copy, { from: out, passphrase: PASSPHRASE, isAlone: true });
    await using stores = await openStores(copy);
    for await (const problem of stores.content.verify()) expect(problem).toBeUndefined();
    const { addedBytes } = await stores.content.putFile({ bytes: seededBytes('asset 10')(20_000) });
    expect(addedBytes).toBe(0);
  });

  it('is told of a pack that is gone or cut short, and goes on', async () => {
    using folder = temporaryFolder();
    const home = await filledHome(folder.path);
    await rm(join(home, 'packs', '00000002.car'));
    await truncate(join(home, 'packs', '00000003.car'), 30_000);
    const out = join(folder.path, 'backup');
    const { problems, packs } = await take(home, out);
    const texts = problems.map(({ text }) => text).join('\n');
    expect(texts).toMatch(/00000002\.car is missing/);
    expect(texts).toMatch(/00000003\.car has 30000 bytes where/);
    expect(packs).toBe(3);
    expect(await verifyBackup(out)).toMatchObject({ ok: true });
  });

  it('is refused where the ledger itself is damaged, and the earlier backup stays', async () => {
    using folder = temporaryFolder();
    const home = await filledHome(folder.path);
    const out = join(folder.path, 'backup');
    await take(home, out);
    const before = await readManifest(out);
    const path = join(home, 'ledger.db');
    const bytes = await readFile(path);
    const room = bytes.indexOf(Buffer.alloc(500), 40_960);
    bytes[room + 250] = 1;
    await writeFile(path, bytes);
    await expect(take(home, out)).rejects.toThrow(
      expect.objectContaining({
        code: 'home_corrupt',
        message: expect.stringContaining('restore'),
      }),
    );
    expect(await readManifest(out)).toEqual(before);
    expect(await verifyBackup(out)).toMatchObject({ ok: true });
  });
});
