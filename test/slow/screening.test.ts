import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LISTED = 'bytes that somebody has listed';
const sha256 = createHash('sha256').update(LISTED).digest('hex');
const md5 = createHash('md5').update('listed by their MD5').digest('hex');

it('what a hash list knows is put into quarantine as it is taken in, or by a scan, once; without clamd nothing is taken in', async () => {
  using folder = temporaryFolder();
  const home = join(folder.path, 'home');
  const run = (...args: string[]) => runCommand(['--home', home, '--json', ...args]);
  const offered = join(folder.path, 'offered');
  await mkdir(offered);
  await writeFile(join(offered, 'a.txt'), LISTED);
  await writeFile(join(offered, 'b.txt'), 'listed by their MD5');
  expect((await run('init', '--name', 'N')).status).toBe(0);
  const screenWith = async (screening: unknown) => {
    const path = join(home, 'ringfence.json');
    const settings = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...settings, screening }));
  };
  expect((await run('quarantine', 'scan')).stdout).toContain('usage_invalid');

  await screenWith({ clamd: join(folder.path, 'nobody.ctl') });
  const refused = await run('ingest', offered);
  expect(refused.status).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain('screening_unavailable');
  expect(documents(await run('list'))).toEqual([]);

  await writeFile(join(home, 'list.txt'), `# a list\nsha256:${sha256} known-bad\n`);
  await screenWith({ hashLists: ['list.txt'] });
  const taken = documents(await run('ingest', offered));
  expect(taken).toMatchObject([
    { event: 'quarantined', reason: 'listed', tool: 'hash-list:known-bad' },
    { event: 'done', deposits: 2 },
  ]);
  const { asset } = taken[0] as { readonly asset: string };
  const explained = await run('explain', asset, '--purpose', 'search_index');
  expect(explained.stdout).toContain('E_QUARANTINE');

  await writeFile(join(home, 'list.txt'), `sha256:${sha256} known-bad\n${md5.toUpperCase()}\n`);
  expect(documents(await run('quarantine', 'scan'))).toMatchObject([
    { reason: 'listed', tool: 'hash-list:unlabelled' },
    { screened: 2, quarantined: 1, absent: 0 },
  ]);
  expect(documents(await run('quarantine', 'scan'))).toMatchObject([{ quarantined: 0 }]);
  await writeFile(join(home, 'list.txt'), 'sha256:xyz\n');
  expect((await run('quarantine', 'scan')).stdout).toContain('input_invalid');
});
