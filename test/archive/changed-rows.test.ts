import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timestampOf } from '../../src/archive/now.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import type { IngestEvent, IngestRequest } from '../../src/archive/taking/ingest-events.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import type { Cid } from '../../src/core/cid.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HEADER = 'path,title,creator,licence,digital_source_type,synthetic';

describe('a catalogue that is corrected and offered again', () => {
  const temporary = temporaryFolder();
  const folder = join(temporary.path, 'poems');
  const catalogue = join(folder, 'catalog.csv');
  let archive: OpenedArchive;

  beforeAll(async () => {
    await foundArchive(join(temporary.path, 'home'), { name: 'P', institution: 'P' });
    archive = await openArchive(join(temporary.path, 'home'));
    await mkdir(folder);
    for (const name of ['a', 'b', 'c']) await writeFile(join(folder, name), `poem ${name}`);
    await writeFile(join(folder, 'stray'), 'no row');
  });
  afterAll(async () => {
    await archive[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  async function offer(rows: readonly string[], more: Partial<IngestRequest> = {}) {
    await writeFile(catalogue, [HEADER, ...rows, ''].join('\n'));
    const request = {
      paths: [folder],
      collection: 'poems',
      catalogue: { path: catalogue },
      all: false,
      hidden: false,
      custody: true,
      dryRun: false,
      measured: false,
      ...more,
    };
    return await Array.fromAsync(ingest(request, archive));
  }

  const done = (events: readonly IngestEvent[]) =>
    events.find(
      (event): event is Extract<IngestEvent, { event: 'done' }> => event.event === 'done',
    );

  function eligible(): number {
    const at = timestampOf(archive.clock);
    const question = {
      purpose: 'ai_training',
      policy: 'corroborated',
      requester: 'anyone',
    } as const;
    return archive.catalog.counts({ is: 'eligible', at, ...question }).eligible;
  }

  const made = ['a,A,Ida,CC0-1.0,digitalCreation,', 'b,B,Ida,CC0-1.0,digitalCreation,'];

  it('is only looked at in a dry run, which names what has no row', async () => {
    const events = await offer(made, { dryRun: true });
    expect(events.filter(({ event }) => event === 'uncatalogued')).toEqual(
      ['c', 'catalog.csv', 'stray'].map((name) => ({
        event: 'uncatalogued',
        subject: `poems/${name}`,
      })),
    );
    expect(done(events)).toMatchObject({ files: 5, accepted: 2, uncatalogued: 3, entries: 0 });
    expect(archive.ledger.size()).toBe(1);
  });

  it('says for how many assets it declared an origin and stated custody, once', async () => {
    expect(done(await offer(made))).toMatchObject({ deposits: 2, declared: 2, custody: 2 });
    expect(eligible()).toBe(2);
    expect(done(await offer(made))).toMatchObject({ declared: 0, custody: 0, entries: 0 });
  });

  it('makes ineligible what it now calls generated', async () => {
    const corrected = [
      'a,A,Ida,CC0-1.0,trainedAlgorithmicMedia,',
      'b,B,Ida,CC0-1.0,digitalCreation,yes',
    ];
    expect(done(await offer(corrected))).toMatchObject({ deposits: 0, declared: 2 });
    expect(eligible()).toBe(0);
    expect(done(await offer(corrected))).toMatchObject({ declared: 0, entries: 0 });
  });

  it('stays ineligible when a kinder row is offered again', async () => {
    await offer(made);
    expect(eligible()).toBe(0);
  });

  it('is told that a row is missing, and nothing is removed', async () => {
    const events = await offer(made.slice(1), { custody: false });
    expect(warnings(events)).toEqual([
      expect.stringMatching(/no row any more for "a", .*stays as it is/),
    ]);
    expect(done(events)).toMatchObject({ entries: 0, failed: 0, uncatalogued: 4 });
    expect(archive.catalog.asset(await cidOf('a'))?.status).toBe('deposited');
  });

  it('describes what was deposited before without a row, and deposits nothing twice', async () => {
    const bare = { catalogue: undefined, custody: false, collection: 'bare' };
    expect(done(await offer([], bare))).toMatchObject({ deposits: 5 });
    const rows = [...made, 'stray,Stray,Ida,CC0-1.0,digitalCreation,'];
    const catalogued = { collection: 'bare', custody: false };
    expect(done(await offer(rows, catalogued))).toMatchObject({ deposits: 0, described: 3 });
    const stray = await cidOf('stray');
    expect(archive.catalog.asset(stray)).toMatchObject({
      title: 'Stray',
      licence: 'CC0-1.0',
      deposits: [{ filename: 'stray', makers: ['Ida'] }],
    });
    expect(done(await offer(rows, catalogued))).toMatchObject({ deposits: 0, entries: 0 });
    expect(done(await offer(rows, bare))).toMatchObject({ described: 0, deposits: 1 });
    expect(archive.catalog.asset(stray)?.deposits).toHaveLength(1);
    expect(warnings(await offer(made, catalogued))).toEqual([expect.stringContaining('"stray"')]);
  });

  const warnings = (events: readonly IngestEvent[]) =>
    events.flatMap((event) => (event.event === 'warning' ? [event.text] : []));

  async function cidOf(name: string): Promise<Cid> {
    const { cid } = await archive.content.putFile({ path: join(folder, name) });
    return cid;
  }
});
