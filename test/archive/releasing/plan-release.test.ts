import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutRelease } from '../../../src/archive/releasing/cut-release.ts';
import { planRelease } from '../../../src/archive/releasing/plan-release.ts';
import { ingest } from '../../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../../src/compose/open-archive.ts';
import type { SelectionFilter } from '../../../src/core/ports/release-candidates.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const temporary = temporaryFolder();
let archive: OpenedArchive;

const request = {
  policy: 'corroborated',
  purpose: 'ai_generative_training',
  requester: 'anyone',
  at: '2026-11-24T10:00:00Z',
  filter: {},
  seed: 's',
} as const;

/** path, size, creator, licence, date, language, tags */
const ROWS = [
  ['a.txt', 10, 'Ann', 'CC0-1.0', '1890', 'en-GB', 'Rough Sea'],
  ['b.txt', 200, 'Ann', 'CC-BY-4.0', '1890/1901', 'en', 'sea'],
  ['c.txt', 300, 'Ben', 'CC0-1.0', '1950', 'de', 'land'],
  ['d.txt', 400, 'unknown', 'CC0-1.0', '', '', ''],
  ['e.txt', 500, 'Cem', 'CC-BY-NC-4.0', '1899', 'en', 'sea'],
] as const;

beforeAll(async () => {
  const home = join(temporary.path, 'home');
  const offered = join(temporary.path, 'offered');
  await mkdir(offered);
  for (const [path, size] of ROWS) await writeFile(join(offered, path), path.padEnd(size, '.'));
  const rows = ROWS.map(([path, , creator, licence, date, language, tags]) =>
    [path, path, creator, licence, 'digitalCreation', date, language, tags].join(','),
  );
  const catalogue = join(temporary.path, 'rows.csv');
  const head = 'path,title,creator,licence,digital_source_type,date,language,tags';
  await writeFile(catalogue, `${[head, ...rows].join('\n')}\n`);
  await foundArchive(home, { name: 'Texts', institution: 'House' });
  archive = await openArchive(home);
  const offer = { paths: [offered], collection: 'main', catalogue: { path: catalogue } };
  const how = { all: false, hidden: false, custody: true, dryRun: false, measured: false };
  for await (const event of ingest({ ...offer, ...how }, archive)) {
    if (event.event === 'done') expect(event.deposits).toBe(5);
  }
});
afterAll(async () => {
  await archive[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

async function titles(filter: SelectionFilter): Promise<string> {
  const asked = { ...request, filter };
  await archive.catalog.catchUp();
  const found = [...archive.catalog.candidates(filter, asked)].map(({ title }) => title);
  return found.sort().join(' ');
}

describe('a plan', () => {
  it('says what would be released, by whom, and what is left out by which rule, and writes nothing', async () => {
    const size = archive.ledger.size();
    expect(await planRelease(request, archive)).toEqual({
      counts: {
        ...{ assets: 4, bytes: 910, makers: 2, unnamed: 1, largestMaker: 2 },
        licences: { 'CC-BY-4.0': 1, 'CC0-1.0': 3 },
        levels: { H2: 4 },
        selfVetted: 4,
      },
      splits: { train: { assets: 4, bytes: 910 } },
      configs: { 'text-txt': 4 },
      makers: [
        { id: expect.any(String), name: 'Ann', assets: 2 },
        { id: expect.any(String), name: 'Ben', assets: 1 },
      ],
      decades: [
        { from: 1890, assets: 2 },
        { from: 1950, assets: 1 },
        { from: null, assets: 1 },
      ],
      leftOut: [{ rule: 'R4', code: expect.any(String), assets: 1 }],
    });
    expect(archive.ledger.size()).toBe(size);
  });

  it('of nothing is refused', async () => {
    const nothing = { ...request, filter: { maker: 'Nobody Here' } };
    await expect(planRelease(nothing, archive)).rejects.toMatchObject({ code: 'release_empty' });
  });
});

it.each<[string, SelectionFilter, string]>([
  ['size', { bytes: { least: 200, most: 300 } }, 'b.txt c.txt'],
  ['years, in which all of its time lies', { years: { from: 1880, to: 1900 } }, 'a.txt'],
  ['longer years', { years: { from: 1880, to: 1950 } }, 'a.txt b.txt c.txt'],
  ['language', { language: 'en' }, 'a.txt b.txt'],
  ['language of one country', { language: 'EN-gb' }, 'a.txt'],
  ['tags, all of them', { tags: ['rough sea'] }, 'a.txt'],
  ['tags that no work has all of', { tags: ['rough sea', 'sea'] }, ''],
  ['level', { level: 'H3' }, ''],
  ['several of these', { level: 'H2', licence: 'CC0-1.0', text: 'sea' }, 'a.txt'],
])('selects by %s', async (_, filter, found) => {
  expect(await titles(filter)).toBe(found);
});

it('takes the same sample every time, and records no more than it', async () => {
  const asked = { ...request, name: 'some', url: '', sample: 2 };
  const first = await cutRelease({ ...asked, version: '1.0.0' }, archive);
  const again = await cutRelease({ ...asked, version: '1.0.1' }, archive);
  expect(first.assets).toBe(2);
  expect(again.contentRoot).toBe(first.contentRoot);
  const other = await cutRelease({ ...asked, version: '1.0.2', seed: 'another' }, archive);
  expect(other.contentRoot).not.toBe(first.contentRoot);
  const { query } = await archive.releases.manifest(first.release);
  expect(JSON.parse(query)).toEqual({ sample: 2 });
});
