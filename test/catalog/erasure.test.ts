import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCatalog } from '../../src/catalog/open-catalog.ts';
import type { Cid } from '../../src/core/cid.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { type Said, saying } from '../support/asset-statements.ts';
import { openReplica, testArchive } from '../support/ledger-archive.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const archive = testArchive('ana');

/** A catalog over the ledger of a steward. */
async function openFixture() {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(temporaryFolder());
  const ledger = opened.use(await openReplica(archive, folder.path, 'ana'));
  const path = join(folder.path, 'catalog.db');
  const catalog = opened.use(openCatalog({ path, ledger }));
  const say = async (said: readonly Said[]) => {
    const { ids } = await ledger.append({ ...saying(said), documents: [] });
    await catalog.catchUp();
    return ids;
  };
  const open = opened.move();
  return { ledger, path, catalog, say, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const asset = say.assetOf('portrait');
const words = {
  title: 'Portrait of Xanthippe Quillfeather',
  makers: ['Zebulon Wexcombe'],
  filename: 'quillfeather.png',
  notes: 'found in the attic of Ottoline Vesperby',
};

async function erase(
  fixture: Awaited<ReturnType<typeof openFixture>>,
  records: readonly Cid[],
  about: Cid | null,
) {
  const subject = about === null ? null : { asset: about };
  const body = { records: [...records].sort(), reason: 'request', requestedAt: say.AT };
  const statement = createStatement('erasure', subject, say.AT, body);
  await fixture.say([{ statement, records: [] }]);
}

function recordOf({ records }: say.Said): Cid {
  const [record] = records;
  if (record === undefined) throw new Error('it has no record');
  return record.cid;
}

it.each([
  ['about the asset', asset],
  ['about nothing', null],
])('forgets the words of an erased record, by an erasure %s, also on disk', async (_, about) => {
  await using fixture = await openFixture();
  const { catalog, path } = fixture;
  const deposit = say.deposit(asset, words);
  const other = say.deposit(say.assetOf('other'), { title: 'Harbour', makers: ['Ada'] });
  await fixture.say([say.naming('prints'), say.findings(asset), deposit, other]);
  expect(catalog.list({ text: 'quillfeather' }, { limit: 2 }).assets).toHaveLength(1);
  expect(catalog.list({ maker: 'zebulon wexcombe' }, { limit: 2 }).assets).toHaveLength(1);
  await erase(fixture, [recordOf(deposit)], about);
  for (const text of ['quillfeather', 'xanthippe', 'attic', 'zebulon', 'vesperby']) {
    expect(catalog.list({ text }, { limit: 2 }).assets).toEqual([]);
  }
  expect(catalog.list({ maker: 'zebulon wexcombe' }, { limit: 2 }).assets).toEqual([]);
  expect(catalog.asset(asset)).toMatchObject({
    title: '',
    creators: [],
    licence: 'CC-BY-4.0',
    deposits: [{ title: '', filename: '', makers: [], notes: '', source: 'npm:example@1.0.0' }],
  });
  expect(catalog.list({ text: 'harbour ada' }, { limit: 2 }).assets).toHaveLength(1);
  await catalog[Symbol.asyncDispose]();
  for (const file of [path, `${path}-wal`]) {
    const bytes = readIfThere(file).toLowerCase();
    for (const word of ['quillfeather', 'xanthippe', 'zebulon', 'vesperby']) {
      expect(bytes.includes(word), `${word} in ${file}`).toBe(false);
    }
  }
  expect(readIfThere(path)).toContain('Harbour');
});

it('forgets an older description as well, once the record of that is erased', async () => {
  await using fixture = await openFixture();
  const { catalog } = fixture;
  const deposit = say.deposit(asset, words);
  const [, id = ''] = await fixture.say([say.findings(asset), deposit]);
  const again = say.description(asset, id, { title: 'Portrait', makers: [] });
  await fixture.say([again]);
  expect(catalog.list({ text: 'quillfeather' }, { limit: 2 }).assets).toEqual([]);
  await erase(fixture, [recordOf(deposit)], asset);
  expect(catalog.asset(asset)?.title).toBe('Portrait');
  await erase(fixture, [recordOf(again)], asset);
  // The newest description is what counts; an older one does not come back in its place.
  expect(catalog.asset(asset)?.title).toBe('');
  expect(catalog.list({ text: 'portrait' }, { limit: 2 }).assets).toEqual([]);
});

it('forgets the name of a collection with its record', async () => {
  await using fixture = await openFixture();
  const { catalog } = fixture;
  const naming = say.naming('prints');
  await fixture.say([naming, say.deposit(asset, words)]);
  const id = say.collectionId('prints');
  expect(catalog.collections()).toEqual([{ id, name: 'prints', assets: 1 }]);
  await erase(fixture, [recordOf(naming)], null);
  expect(catalog.collections()).toEqual([{ id, name: '', assets: 1 }]);
  expect(catalog.list({ collection: 'prints' }, { limit: 2 }).assets).toEqual([]);
  expect(catalog.list({ collection: id }, { limit: 2 }).assets).toHaveLength(1);
  expect(catalog.list({ collection: '' }, { limit: 2 }).assets).toEqual([]);
});

it('shows nothing of a record that was erased before it was projected', async () => {
  await using fixture = await openFixture();
  const deposit = say.deposit(asset, words);
  await fixture.say([deposit]);
  await erase(fixture, [recordOf(deposit)], asset);
  const { ledger, path } = fixture;
  await using fresh = openCatalog({ path: `${path}.fresh`, ledger });
  await fresh.catchUp();
  expect(fresh.asset(asset)).toEqual(fixture.catalog.asset(asset));
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // SQLite removes its log when the last connection is closed.
    return '';
  }
}
