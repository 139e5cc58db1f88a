import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { runPull } from '../../src/compose/pulling/run-pull.ts';
import { refuseInHome } from '../../src/compose/refuse-in-home.ts';
import { foundHome, openSmallHome, PASSPHRASE } from '../support/backup-home.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const telling = { signal: new AbortController().signal, notice() {}, progress() {} };
const refused = expect.objectContaining({ code: 'usage_invalid' });

it('refuses a home and what lies in it, also by a symbolic link and before it is there', async () => {
  using folder = temporaryFolder();
  const home = await foundHome(folder.path);
  symlinkSync(join(home, 'packs'), join(folder.path, 'link'));
  const places = [
    home,
    join(home, 'packs'),
    join(home, 'new', 'er'),
    join(folder.path, 'link', 'x'),
  ];
  for (const place of places) await expect(refuseInHome(place)).rejects.toThrow(refused);
  await refuseInHome(folder.path);
  await refuseInHome(join(folder.path, 'beside', 'it'));
});

it('lets no backup and no pull write into a home', async () => {
  using folder = temporaryFolder();
  const home = await foundHome(folder.path);
  const before = await readdir(home);
  symlinkSync(home, join(folder.path, 'link'));
  // In `packs` of this folder a backup would find the home's own packs.
  mkdirSync(join(folder.path, 'lying'));
  symlinkSync(join(home, 'packs'), join(folder.path, 'lying', 'packs'));
  const places = [join(home, 'backup'), join(folder.path, 'link', 'backup')];
  {
    await using opened = await openSmallHome(home);
    for (const out of [...places, join(folder.path, 'lying')]) {
      const taken = opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
      await expect(taken).rejects.toThrow(refused);
    }
  }
  const typed = {
    ...{ release: 'prints@1.0.0', from: ['http://127.0.0.1:9'], isOnlyNews: false },
    ...{ parallel: 1, isSignedIn: false, nodes: [], earlier: undefined },
  };
  for (const place of places) {
    await expect(runPull({ ...typed, folder: place }, telling)).rejects.toThrow(refused);
  }
  expect((await readdir(home)).filter((name) => !before.includes(name))).toEqual([]);
});

it('founds no archive over the packs of another, and goes on with one that was begun', async () => {
  using folder = temporaryFolder();
  const home = await foundHome(folder.path);
  const other = join(folder.path, 'other');
  const over = foundArchive(other, { name: 'Other', packs: [join(home, 'packs')] });
  await expect(over).rejects.toThrow(refused);
  const packs = [join(folder.path, 'large', 'disk')];
  await foundArchive(other, { name: 'Other', packs });
  await expect(foundArchive(other, { name: 'Other', packs })).rejects.toThrow(
    expect.objectContaining({ code: 'home_exists' }),
  );
});

it.skipIf(!existsSync('/proc/self'))('ends where no folder can be made', async () => {
  using folder = temporaryFolder();
  await using opened = await openSmallHome(await foundHome(folder.path));
  const taken = opened.backups.take({ out: '/proc/x', passphrase: PASSPHRASE, withPacks: true });
  await expect(taken).rejects.toThrow(expect.objectContaining({ code: 'file_unreadable' }));
});
