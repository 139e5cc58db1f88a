import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BrowserFile } from '../../../src/compose/files/browser-file.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openArchive } from '../../../src/compose/open-archive.ts';
import { systemEnvirons } from '../../../src/compose/system.ts';
import { BROWSER_MS, LINK_MS } from '../../../src/core/ports/browsers.ts';
import { signerOf } from '../../support/keys.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { did: key } = signerOf('browser');

function opened(folder: string) {
  let now = Date.parse('2026-11-24T10:00:00Z');
  const open = () =>
    new BrowserFile(join(folder, 'browsers.json'), { ...systemEnvirons, clock: () => now });
  const pass = (ms: number) => {
    now += ms;
  };
  return { open, pass };
}

const secretIn = ({ path }: { readonly path: string }) => path.replace('/sign-in#', '');

it('ends links and browsers when their time is over', async () => {
  using folder = temporaryFolder();
  const { open, pass } = opened(folder.path);
  const file = open();
  const late = secretIn(await file.createLink());
  pass(LINK_MS);
  await expect(file.signIn(late, { key, agent: '' })).rejects.toMatchObject({
    code: 'link_invalid',
  });
  await file.signIn(secretIn(await file.createLink()), { key, agent: 'x'.repeat(1000) });
  expect(file.list()).toHaveLength(1);
  expect(file.list()[0]?.agent).toHaveLength(200);
  pass(BROWSER_MS);
  expect(file.list()).toEqual([]);
  expect(await file.remove(key)).toBe(false);
});

it('knows after a restart which links were used and which browsers there are', async () => {
  using folder = temporaryFolder();
  const { open } = opened(folder.path);
  const [used, open_] = [await open().createLink(), await open().createLink()].map(secretIn);
  await open().signIn(used ?? '', { key, agent: 'a' });
  await expect(open().signIn(used ?? '', { key, agent: 'b' })).rejects.toMatchObject({
    code: 'link_invalid',
  });
  expect(open().list()).toMatchObject([{ key, agent: 'a' }]);
  await open().signIn(open_ ?? '', { key, agent: 'b' });
  expect(open().list()).toMatchObject([{ key, agent: 'b' }]);
});

it('keeps the newest of too many, and refuses a file that is damaged', async () => {
  using folder = temporaryFolder();
  const { open } = opened(folder.path);
  const file = open();
  const first = secretIn(await file.createLink());
  for (let at = 0; at < 32; at += 1) await file.createLink();
  await expect(file.signIn(first, { key, agent: '' })).rejects.toMatchObject({
    code: 'link_invalid',
  });
  const path = join(folder.path, 'browsers.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('links', 'lists'));
  expect(open).toThrow(expect.objectContaining({ code: 'home_corrupt' }));
});

it('a file that cannot be used keeps the archive closed, and its home free', async () => {
  using folder = temporaryFolder();
  const home = join(folder.path, 'home');
  await foundArchive(home, { name: 'Prints' });
  const path = join(home, 'browsers.json');
  writeFileSync(path, '{');
  await expect(openArchive(home)).rejects.toMatchObject({ code: 'home_corrupt' });
  rmSync(path);
  await using archive = await openArchive(home);
  expect(archive.browsers.list()).toEqual([]);
});
