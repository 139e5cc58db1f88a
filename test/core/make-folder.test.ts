import { existsSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../src/core/make-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const calls = { mkdir, stat, dirname };

it('makes a folder and those above it, as often as it is asked and by several at once', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a', 'b', 'c');
  await Promise.all(Array.from({ length: 8 }, () => makeFolder(path, calls, 0o700)));
  await makeFolder(path, calls);
  expect(statSync(join(folder.path, 'a')).mode & 0o777).toBe(0o700);
});

it('fails below a file', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, 'here');
  for (const path of [file, join(file, 'a'), join(file, 'a', 'b')]) {
    await expect(makeFolder(path, calls)).rejects.toThrow(/EEXIST|ENOTDIR/);
  }
});

it.skipIf(!existsSync('/proc/self'))('ends where the system takes no folder', async () => {
  await expect(makeFolder('/proc/a/b', calls)).rejects.toThrow('ENOENT');
});
