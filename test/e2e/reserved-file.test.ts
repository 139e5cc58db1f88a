import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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
