import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeHomeFolder } from '../../../src/compose/founding/make-home-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('makes a folder and those above it for the owner alone, and leaves one that is there', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a', 'b');
  await makeHomeFolder(path);
  await makeHomeFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

it('says where no folder can be made: below a file, or where the system takes none', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, 'here');
  const places = [file, join(file, 'home'), ...(existsSync('/proc/self') ? ['/proc/home'] : [])];
  for (const place of places) {
    await expect(makeHomeFolder(place)).rejects.toMatchObject({ code: 'file_unreadable' });
  }
});
