import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FETCHED, warc } from '../support/warc.ts';

it('a file that reserves a use is denied for it by ingest, licence or not, and for no other', async () => {
  using folder = temporaryFolder();
  const run = (...args: string[]) =>
    runCommand(['--home', join(folder.path, 'home'), '--json', ...args]);
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg"><metadata><a tdm:reservation="1"/></metadata></svg>';
  await writeFile(join(folder.path, 'a.svg'), drawing);
  const catalogue = join(folder.path, 'catalog.csv');
  await writeFile(catalogue, 'path,title,creator,licence\na.svg,A,Ann,CC0-1.0\n');
  expect((await run('init', '--name', 'N')).status).toBe(0);
  expect((await run('ingest', join(folder.path, 'a.svg'), '--catalog', catalogue)).status).toBe(0);
  const [asset] = documents(await run('list')) as { readonly cid: string }[];
  const reservedFor = async (purpose: string) => {
    const ran = await run('explain', asset?.cid ?? '', '--purpose', purpose);
    return ran.stdout.includes('E_RESERVED(tdmrep)');
  };
  expect(await reservedFor('ai_generative_training')).toBe(true);
  expect(await reservedFor('search_index')).toBe(false);
});

it('what the source of a file reserves denies the use, and explain names where it was said', async () => {
  using folder = temporaryFolder();
  const home = ['--home', join(folder.path, 'home')];
  const offered = join(folder.path, 'offered');
  await mkdir(offered);
  await writeFile(join(offered, 'a.txt'), 'a text that was fetched');
  await writeFile(join(offered, 'a.txt.headers'), 'HTTP/2 200\r\ntdm-reservation: 1\r\n\r\n');
  await writeFile(join(offered, 'b.txt'), 'another text that was fetched');
  await writeFile(join(offered, 'b.txt.headers'), 'no head');
  const url = 'https://a.example/art/c.txt';
  const robots = { url: 'https://a.example/robots.txt', body: 'Content-Usage: /art train-ai=n' };
  const crawl = join(folder.path, 'c.warc.gz');
  await writeFile(crawl, warc(robots, { url, body: 'a third text that was fetched' }));
  expect((await runCommand([...home, 'init', '--name', 'N'])).status).toBe(0);
  const files = await runCommand([...home, '--json', 'ingest', offered]);
  expect(documents(files)).toMatchObject([
    { event: 'failed', code: 'input_invalid', subject: 'offered/b.txt' },
    { event: 'done', files: 2, deposits: 1, failed: 1 },
  ]);
  const crawled = await runCommand([...home, '--json', 'ingest', crawl, '--warc']);
  expect(documents(crawled)).toMatchObject([{ event: 'done', files: 1, deposits: 1, failed: 0 }]);
  const again = await runCommand([...home, '--json', 'ingest', crawl, '--warc']);
  expect(documents(again)).toMatchObject([{ event: 'done', deposits: 0, entries: 0 }]);
  const assets = documents(await runCommand([...home, '--json', 'list'])) as { cid: string }[];
  const told = await Promise.all(
    assets
      .map(({ cid }) => runCommand([...home, 'explain', cid]))
      .map(async (ran) => (await ran).stdout),
  );
  expect(told.find((text) => text.includes('E_RESERVED(tdmrep)'))).toContain(
    'said at a.txt.headers',
  );
  expect(told.find((text) => text.includes('E_RESERVED(aipref)'))).toContain(
    `said at ${robots.url} ${FETCHED}`,
  );
});
