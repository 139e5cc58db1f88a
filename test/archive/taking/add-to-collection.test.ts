import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseUnknown, setCollection } from '../../../src/archive/governing/set-collection.ts';
import { timestampOf } from '../../../src/archive/now.ts';
import { shownAsset } from '../../../src/archive/shown-asset.ts';
import { addToCollection } from '../../../src/archive/taking/add-to-collection.ts';
import { ingest } from '../../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../../src/compose/open-archive.ts';
import type { Cid } from '../../../src/core/cid.ts';
import type { AssetView } from '../../../src/core/ports/asset-views.ts';
import { mayRead } from '../../../src/core/sharing/caller.ts';
import { appendOf } from '../../support/deposits.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const HEADER = 'path,title,creator,licence,digital_source_type,work';

describe('works that are put into a further collection', () => {
  const temporary = temporaryFolder();
  const folder = join(temporary.path, 'poems');
  const catalogue = join(folder, 'catalog.csv');
  let archive: OpenedArchive;

  beforeAll(async () => {
    await foundArchive(join(temporary.path, 'home'), { name: 'P', institution: 'P' });
    archive = await openArchive(join(temporary.path, 'home'));
    await mkdir(folder);
    for (const name of ['a', 'b', 'c']) await writeFile(join(folder, name), `poem ${name}`);
  });
  afterAll(async () => {
    await archive[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  async function offer(collection: string, licence = 'CC0-1.0') {
    const rows = ['a', 'b', 'c'].map((name) => `${name},${name},Ann Example,${licence},print,book`);
    await writeFile(catalogue, [HEADER, ...rows, ''].join('\n'));
    const request = {
      ...{ paths: [folder], collection, catalogue: { path: catalogue }, all: false, hidden: false },
      ...{ custody: true, dryRun: false, measured: false },
    };
    return (await Array.fromAsync(ingest(request, archive))).at(-1);
  }
  const put = (name: string, assets: readonly Cid[]) =>
    Array.fromAsync(addToCollection({ name, assets }, archive));
  const inCollection = (collection: string) =>
    archive.catalog.list({ collection }, { limit: 10 }).assets.map(({ cid }) => cid);
  function eligible(): number {
    const at = timestampOf(archive.clock);
    const question = {
      purpose: 'ai_training',
      policy: 'corroborated',
      requester: 'anyone',
    } as const;
    return archive.catalog.counts({ is: 'eligible', at, ...question }).eligible;
  }

  it('lie in both, with their words, makers, licence and work, and with the same verdict', async () => {
    expect(await offer('all')).toMatchObject({ deposits: 3 });
    const all = inCollection('all');
    const before = archive.ledger.size();
    expect((await put('shown', all)).map(({ outcome }) => outcome)).toEqual(Array(3).fill('added'));
    // One entry for all of them, with what names the collection.
    expect(archive.ledger.size()).toBe(before + 1);
    expect(inCollection('shown').toSorted()).toEqual(all.toSorted());
    expect(inCollection('all')).toEqual(all);
    for (const asset of all) {
      const [one, other] = archive.catalog.asset(asset)?.deposits ?? [];
      const { id: _1, at: _2, collection: _3, item: _4, ...said } = one ?? ({} as never);
      expect(other).toMatchObject({ ...said, collection: 'shown' });
      expect(archive.catalog.asset(asset)?.work).toMatchObject({ parts: 3 });
    }
    expect(eligible()).toBe(3);
  });

  it('are there once, however often they are put there or offered with their catalogue', async () => {
    const all = inCollection('all');
    const again = await put('shown', all);
    expect(again.map(({ outcome }) => outcome)).toEqual(Array(3).fill('unchanged'));
    expect(await offer('shown')).toMatchObject({ deposits: 0, described: 0 });
    expect(inCollection('shown')).toHaveLength(3);
  });

  it('are read by whoever may read one of their collections', async () => {
    const [asset] = inCollection('all') as [Cid];
    const isRead = () => mayRead({ kind: 'anonymous' }, asset, archive);
    expect(isRead()).toBe(false);
    await setCollection({ name: 'open', visibility: 'public', readers: [] }, archive);
    await archive.catalog.catchUp();
    expect(isRead()).toBe(false);
    await put('open', [asset]);
    expect(isRead()).toBe(true);
  });

  it('are shown to them with the words of that collection, and of no other', () => {
    const [asset] = inCollection('open') as [Cid];
    const view = archive.catalog.asset(asset) as AssetView;
    const shown = shownAsset({ kind: 'anonymous' }, view, archive);
    expect(shown).toMatchObject({
      isPartial: true,
      view: { title: view.title, creators: ['Ann Example'], licence: 'CC0-1.0', work: null },
    });
    expect(shown?.view.deposits.map(({ collection }) => collection)).toEqual(['open']);
  });

  it('ask what each of their deposits says of the licence', async () => {
    expect(await offer('all', 'http://rightsstatements.org/vocab/InC/1.0/')).toMatchObject({
      described: 3,
    });
    expect(eligible()).toBe(0);
    await offer('all');
    expect(eligible()).toBe(3);
    // A correction in the one collection alone leaves the stricter word of the other.
    await offer('shown', 'http://rightsstatements.org/vocab/InC/1.0/');
    expect(eligible()).toBe(0);
    const asset = inCollection('shown').find((cid) => !inCollection('open').includes(cid)) as Cid;
    await put('later', [asset]);
    await offer('shown');
    // What is put there is described as the last deposit was then.
    const later = archive.catalog.asset(asset)?.deposits.find((one) => one.collection === 'later');
    expect(later?.licence).toBe('http://rightsstatements.org/vocab/InC/1.0/');
    expect(eligible()).toBe(2);
  });

  it('keep their names apart from others of the same name there', async () => {
    await writeFile(join(folder, 'a'), 'another poem a');
    await offer('all');
    const [newest, older] = archive.catalog
      .list({ text: 'a' }, { limit: 10 })
      .assets.filter(({ title }) => title === 'a');
    expect(newest?.cid).not.toBe(older?.cid);
    const both = [newest?.cid, older?.cid] as Cid[];
    await put('both', both);
    expect(inCollection('both').toSorted()).toEqual(both.toSorted());
    expect((await put('both', both)).map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });

  it('are only those that this organisation has deposited, and whose bytes are here', async () => {
    const { ids } = await archive.ledger.append(appendOf('elsewhere'));
    await archive.catalog.catchUp();
    expect(ids).toHaveLength(1);
    const gone = archive.catalog
      .list({}, { limit: 20 })
      .assets.find(({ cid }) => !archive.content.isRoot(cid));
    const failed = await put('shown', [gone?.cid as Cid]);
    expect(failed).toMatchObject([{ outcome: 'failed', code: 'block_missing' }]);
    const stranger = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy' as Cid;
    expect(await put('shown', [stranger])).toMatchObject([
      { outcome: 'failed', code: 'statement_rejected' },
    ]);
  });

  it('are told to whoever mistypes the name of a collection', () => {
    const names = archive.catalog.collections().map(({ name }) => name);
    const known = names.filter(Boolean).map((name) => JSON.stringify(name));
    expect(known).toContain('"all"');
    const told = expect.objectContaining({
      code: 'not_found',
      message: expect.stringContaining(known.toSorted().join(', ')),
    });
    expect(() => refuseUnknown('al', archive)).toThrow(told);
    refuseUnknown(' all ', archive);
  });
});
