import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../src/archive/explain.ts';
import { openArchive } from '../../src/compose/open-archive.ts';
import { PURPOSES } from '../../src/core/policy/purposes.ts';
import { dumpTables } from '../support/catalog-dump.ts';
import { documents, type Ran, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const corpus = resolve(process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus');
const isHere = existsSync(join(corpus, 'catalog.csv'));

interface Done {
  readonly event: string;
  readonly [count: string]: unknown;
}

describe.skipIf(!isHere)('an archive of the corpus (skipped where the corpus is absent)', () => {
  const temporary = temporaryFolder();
  const folder = temporary.path;
  const home = join(folder, 'home');
  const run = (...args: string[]) => runCommand(['--home', home, '--json', ...args]);
  const ingest = () => run('ingest', corpus, '--catalog', join(corpus, 'catalog.csv'), '--custody');

  beforeAll(async () => {
    expect((await run('init', '--name', 'N', '--institution', 'N')).status).toBe(0);
  });
  afterAll(() => temporary[Symbol.dispose]());

  it('deposits 271 assets once, however often it is run', async () => {
    const first = await ingest();
    expect(first.stderr).toBe('');
    expect(last(first)).toMatchObject({ event: 'done', stored: 271, deposits: 271, failed: 0 });
    const second = await ingest();
    expect(last(second)).toMatchObject({ stored: 0, deposits: 0, bytes: 0, entries: 0 });
    expect(second.status).toBe(0);
  });

  it('lists, finds and shows what was deposited', async () => {
    const all = documents(await run('list'));
    expect(all).toHaveLength(271);
    const [found] = documents(await run('search', 'frankenstein', '--limit', '1'));
    expect(found).toMatchObject({ licence: 'CC0-1.0', status: 'deposited' });
    const [asset] = documents(await run('show', cidOf(found)));
    expect(asset).toMatchObject({
      cid: cidOf(found),
      size: expect.any(Number),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      mediaType: expect.stringContaining('/'),
      title: expect.any(String),
      creators: expect.any(Array),
      findings: expect.any(Array),
    });
  });

  it('says yes to what is licensed and in custody, and shows the five gates', async () => {
    const eligible = documents(await run('list', '--eligible'));
    expect(eligible.length).toBeGreaterThan(100);
    const [verdict] = documents(await run('explain', cidOf(eligible[0])));
    expect(verdict).toMatchObject({ verdict: 'eligible', level: 'H2', policy: 'corroborated' });
    expect((verdict as { gates: { gate: string }[] }).gates.map(({ gate }) => gate)).toEqual([
      'Intact',
      'Allowed',
      'Evidence',
      'Untainted',
      'Uncontested',
    ]);
  });

  it('cuts a release that verifies and exports, and is sound itself', async () => {
    const [cut] = documents(await run('release', 'cut', 'corpus'));
    const { release, assets } = cut as { release: string; assets: number };
    expect(documents(await run('release', 'verify', release))[0]).toMatchObject({
      ok: true,
      assets,
    });
    const out = join(folder, 'out');
    expect((await run('release', 'export', release, '--out', out)).status).toBe(0);
    expect((await readdir(out)).filter((name) => name.endsWith('.tar')).length).toBeGreaterThan(0);
    expect(documents(await run('verify'))).toMatchObject([{ ok: true, problems: [] }]);
  });

  it('has the same answers and tables after the catalog is rebuilt', async () => {
    const tables = dumpTables(join(home, 'catalog.db'));
    const before = (await run('list', '--eligible')).stdout;
    expect((await run('reindex')).status).toBe(0);
    expect(dumpTables(join(home, 'catalog.db'))).toEqual(tables);
    expect((await run('list', '--eligible')).stdout).toBe(before);
  });
});

describe.skipIf(!isHere)(
  'generated files with a catalogue that lies (skipped without corpus)',
  () => {
    const temporary = temporaryFolder();
    const folder = temporary.path;
    const home = join(folder, 'home');
    const run = (...args: string[]) => runCommand(['--home', home, '--json', ...args]);

    beforeAll(async () => {
      await run('init', '--name', 'N', '--institution', 'N');
      const rows = await readFile(join(corpus, 'synthetic', 'catalog.csv'), 'utf8');
      const lies = rows
        .replaceAll(/digitalsourcetype\/\w+/g, 'digitalsourcetype/digitalCreation')
        .replaceAll(/,(yes|mixed),/g, ',no,')
        .replaceAll(
          /,(MIT|Apache-2.0|LicenseRef-[\w-]+|Apache-2.0 OR MIT),github/g,
          ',CC0-1.0,github',
        );
      await mkdir(join(folder, 'offered'), { recursive: true });
      await writeFile(join(folder, 'catalog.csv'), lies);
      for (const name of await readdir(join(corpus, 'synthetic'), {
        recursive: true,
        withFileTypes: true,
      })) {
        if (!name.isFile() || name.name === 'catalog.csv') continue;
        const from = join(name.parentPath, name.name);
        const to = join(folder, from.slice(corpus.length));
        await mkdir(join(to, '..'), { recursive: true });
        await copyFile(from, to);
      }
    });
    afterAll(() => temporary[Symbol.dispose]());

    it('are eligible for no purpose under any policy, each for the right reason', async () => {
      const taken = await run(
        'ingest',
        join(folder, 'synthetic'),
        '--catalog',
        join(folder, 'catalog.csv'),
      );
      expect(last(taken)).toMatchObject({ deposits: 35, failed: 0 });
      await using archive = await openArchive(home);
      const { assets } = archive.catalog.list({}, { limit: 100 });
      expect(assets).toHaveLength(35);
      const at = '2026-11-22T12:00:00Z';
      for (const { cid } of assets) {
        const name = archive.catalog.asset(cid)?.deposits[0]?.filename ?? '';
        for (const policy of ['corroborated', 'generative-training', 'gold']) {
          for (const purpose of PURPOSES) {
            const question = { asset: cid, purpose, policy, requester: 'anyone', at };
            const { verdict, gates } = explain(question, archive);
            expect(verdict, `${name} for ${purpose} under ${policy}`).not.toBe('eligible');
            const codes = gates.flatMap(({ rules }) => rules.map(({ code }) => code));
            if (name.includes('/comfyui/')) expect(codes, name).toContain('E_SYNTHETIC');
            else if (name.includes('/c2pa/')) expect(codes, name).toContain('E_SYNTHETIC');
            else expect(codes, name).toEqual(expect.arrayContaining(NO_EVIDENCE));
          }
        }
      }
    });
  },
);

/** What is said of files that carry nothing: no word that anybody made them by machine. */
const NO_EVIDENCE = ['E_ORIGIN_UNKNOWN', 'E_EVIDENCE'];

function last(ran: Ran): Done {
  const all = documents(ran);
  return all[all.length - 1] as Done;
}

function cidOf(document: unknown): string {
  return (document as { cid: string }).cid;
}
