import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cutRelease } from '../../../src/archive/releasing/cut-release.ts';
import { ingest } from '../../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../../src/compose/open-archive.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
const catalogue = join(temporary.path, 'rows.csv');
let archive: OpenedArchive;

const request = {
  name: 'poems',
  version: '1.0.0',
  policy: 'corroborated',
  purpose: 'search_index',
  requester: 'anyone',
  at: '2026-11-24T10:00:00Z',
  filter: {},
  seed: '',
  url: '',
} as const;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  archive = await openArchive(home);
  await offer('a');
});
afterAll(async () => {
  await archive[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

async function offer(name: string): Promise<void> {
  const path = join(temporary.path, name);
  await writeFile(path, `poem ${name}`);
  const row = `${name},${name},Ann,CC0-1.0,digitalCreation`;
  await writeFile(catalogue, `path,title,creator,licence,digital_source_type\n${row}\n`);
  const told = ingest(
    {
      paths: [path],
      collection: 'main',
      catalogue: { path: catalogue },
      all: false,
      hidden: false,
      custody: true,
      dryRun: false,
      measured: false,
    },
    archive,
  );
  for await (const event of told) if (event.event === 'done') expect(event.deposits).toBe(1);
}

/** The archive, where somebody else does something whenever the catalog has caught up. */
function disturbedBy(disturb: () => Promise<void>): OpenedArchive {
  const catalog = Object.create(archive.catalog, {
    catchUp: {
      value: async () => {
        const projected = await archive.catalog.catchUp();
        await disturb();
        return projected;
      },
    },
    candidates: { value: archive.catalog.candidates.bind(archive.catalog) },
    releases: { value: archive.catalog.releases.bind(archive.catalog) },
  });
  return { ...archive, catalog };
}

it('names a state at which all of its choice was decided, whatever arrives meanwhile', async () => {
  const names = ['b', 'c'];
  const disturbed = disturbedBy(async () => {
    const name = names.shift();
    if (name !== undefined) await offer(name);
  });
  const size = () => archive.ledger.size();
  const cut = await cutRelease(request, disturbed);
  expect(cut.assets).toBe(3);
  // After the state came nothing but the statement of the release itself.
  const last: string[] = [];
  for await (const { entry } of archive.ledger.arrivals(size() - 2)) last.push(entry);
  expect(last[0]).toBe(cut.state);
});

it('is signed by the key of this home, and proven to be of its log; no other has its name and version', async () => {
  const [view] = archive.catalog.releases();
  const { curator, previous, name, version } = await archive.releases.manifest(
    view?.release as Cid,
  );
  expect(curator.did).toBe(archive.feed.did);
  expect([previous, name, version]).toEqual([null, 'poems', '1.0.0']);
  const entries = archive.ledger.size();
  await expect(cutRelease({ ...request, name: 'Poems' }, archive)).rejects.toMatchObject({
    code: 'release_exists',
    message: expect.stringContaining(view?.release ?? ''),
  });
  expect(archive.ledger.size()).toBe(entries);
  const next = await cutRelease({ ...request, version: '1.1.0' }, archive);
  expect((await archive.releases.manifest(next.release)).previous).toBe(view?.release);
});

it('says by which words and names it was narrowed with ids alone', async () => {
  const filter = { maker: 'Ann', text: 'Ann', collection: 'main', media: 'text' };
  const { release } = await cutRelease({ ...request, version: '1.2.0', filter }, archive);
  const { query } = await archive.releases.manifest(release);
  expect(JSON.parse(query)).toEqual({
    media: 'text',
    maker: expect.stringMatching(/^[0-9a-f]{32}$/),
    text: expect.stringMatching(/^[0-9a-f]{32}$/),
    collection: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

it('is given up while entries arrive all the time', async () => {
  let count = 0;
  const disturbed = disturbedBy(async () => {
    count += 1;
    await offer(`more-${count}`);
  });
  await expect(cutRelease({ ...request, version: '2.0.0' }, disturbed)).rejects.toMatchObject({
    code: 'aborted',
    retryable: true,
  });
});
