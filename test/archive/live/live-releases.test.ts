import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LiveParts } from '../../../src/archive/live/live-release.ts';
import { LiveReleases } from '../../../src/archive/live/live-releases.ts';
import { RevisionFiles } from '../../../src/compose/files/revision-files.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { ArchiveError } from '../../../src/core/errors.ts';
import type { LogLine } from '../../../src/core/ports/log.ts';
import { openReleaseHome, type ReleaseHome } from '../../support/release-home.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const works = Object.fromEntries(
  Array.from({ length: 6 }, (_, index) => [`poem${index}.txt`, Buffer.from(`poem ${index}\n`)]),
);
let home: ReleaseHome;
let release: Cid;

beforeAll(async () => {
  home = await openReleaseHome(works);
  release = home.release as Cid;
  await home.perform('stop', heldBack(home.assets.get('poem3.txt')));
});
afterAll(() => home[Symbol.asyncDispose]());

function heldBack(asset: string | undefined) {
  const deadline = '2036-01-01T00:00:00Z';
  const words = { kind: 'hold', reason: 'PROVENANCE', source: 'steward', deadline };
  return { words, subject: { assets: [asset] } };
}

describe('live releases', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let revisions: RevisionFiles;
  const lines: LogLine[] = [];

  beforeEach(() => {
    folder = temporaryFolder();
    revisions = new RevisionFiles(join(folder.path, 'withdrawn'));
    lines.length = 0;
  });
  afterEach(() => folder[Symbol.dispose]());

  const open = (changed: Partial<LiveParts> = {}) =>
    new LiveReleases({ ...home.node.archive, revisions, ...changed }, (line) => lines.push(line), {
      revised() {},
    });

  it('open a release once, however many ask for it at once', async () => {
    const asked: Cid[] = [];
    const counting = {
      list(of: Cid) {
        asked.push(of);
        return revisions.list(of);
      },
      append: revisions.append.bind(revisions),
    };
    await using live = open({ revisions: counting });
    const views = await Promise.all([live.view(release), live.view(release), live.view(release)]);
    expect(views.map((view) => view?.revision)).toEqual([1, 1, 1]);
    expect(asked).toEqual([release]);
  });

  it('write a list in the place of one whose writing was told to have failed', async () => {
    let fails = 1;
    const failing = {
      list: revisions.list.bind(revisions),
      async append(...list: Parameters<RevisionFiles['append']>) {
        await revisions.append(...list);
        if (fails-- > 0) throw new ArchiveError('disk_full', 'a lost answer');
      },
    };
    await using live = open({ revisions: failing });
    // The first look is of the round that opens what is recorded, or of this one.
    await live.view(release).catch(() => {});
    expect((await live.view(release))?.revision).toBe(1);
    await using again = open();
    expect(await again.view(release)).toMatchObject({ revision: 1, lists: { length: 1 } });
  });

  it('give nothing of a release whose lists are damaged, and say so', async () => {
    await using before = open();
    await before.view(release);
    writeFileSync(join(folder.path, 'withdrawn', release, '000001.json'), '{}\n');
    await using live = open();
    await expect(live.view(release)).rejects.toMatchObject({ code: 'release_invalid' });
    expect(live.isTouched(release)).toBe(true);
    expect(await live.named('works', '1.0.0')).toBe(release);
    await expect(live.look(release)).rejects.toMatchObject({ code: 'release_invalid' });
    await expect.poll(() => lines.map(({ event }) => event)).toContain('release');
  });

  it('give no copy as it was cut of a release that cannot be brought up to date', async () => {
    await using elsewhere = await openReleaseHome(works);
    const whole = elsewhere.release as Cid;
    const full = {
      list: revisions.list.bind(revisions),
      append: () => Promise.reject(new ArchiveError('disk_full', 'no room for a list')),
    };
    const served: number[] = [];
    const hotShards = {
      find: async () => undefined,
      async serve(_: Cid, shards: ReadonlySet<Cid>) {
        served.push(shards.size);
      },
    };
    const parts = { ...elsewhere.node.archive, revisions: full, hotShards };
    await using live = new LiveReleases(parts, (line) => lines.push(line), { revised() {} });
    await live.look(whole);
    expect(live.isTouched(whole)).toBe(false);
    expect(served.at(-1)).toBe(1);
    await elsewhere.perform('stop', heldBack(elsewhere.assets.get('poem3.txt')));
    await expect(live.look(whole)).rejects.toMatchObject({ code: 'disk_full' });
    expect(live.isTouched(whole)).toBe(true);
    expect(served.at(-1)).toBe(0);
  });

  it('find what is not where the order of the samples has it', async () => {
    const { releases } = home.node.archive;
    const lost = async () => new Map();
    await using live = open({ releases: { ...releases, shardsWith: lost } });
    const view = await live.view(release);
    expect([...(view?.withdrawn.keys() ?? [])]).toEqual([home.assets.get('poem3.txt')]);
    expect(view?.shards.values().next().value?.samples).toBe(5);
  });

  it('have their tables written without being asked, and again when words are erased', async () => {
    await using live = open();
    const { revisionTables, releases } = home.node.archive;
    const view = await live.view(release);
    if (view === undefined) throw new Error('there is no view');
    await expect.poll(() => revisionTables.written(view)).toBeDefined();
    await releases.eraseWords(release, new Set());
    expect(await revisionTables.written(view)).toBeUndefined();
    expect(await live.tables.of(view)).toBeUndefined();
    await expect.poll(() => live.tables.of(view)).toBeDefined();
  });
});
