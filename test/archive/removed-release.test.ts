import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { verifyRelease as verify } from '../../src/archive/releasing/verify-release.ts';
import { openPull } from '../../src/compose/pulling/open-pull.ts';
import { systemEnvirons } from '../../src/compose/system.ts';
import { type Cid, parseCid } from '../../src/core/cid.ts';
import { REFLECTION_MS } from '../../src/core/provenance/removal-approval.ts';
import { pullRelease } from '../../src/pull/pull-release.ts';
import { parseWanted } from '../../src/pull/release-name.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folders = temporaryFolder();
const works: Record<string, Uint8Array> = {
  // A file of several blocks, and one of a single block.
  'large.txt': Buffer.from(randomBytes(800_000).toString('hex')),
  'small.txt': Buffer.from('a short poem\n'),
  'other.txt': Buffer.from('another poem\n'),
  'stays.txt': Buffer.from('a poem that stays\n'),
};
const SHARD = 'text-txt-train-000000.tar';
let laterMs = 0;
const environs = { ...systemEnvirons, clock: () => Date.now() + laterMs };
let home: ReleaseHome;
let removal: string;

beforeAll(async () => {
  home = await openReleaseHome(works, environs);
  await home.show('public');
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  folders[Symbol.dispose]();
});

const assetOf = (title: string): Cid => parseCid(home.assets.get(title) ?? '');
const exportTo = (name: string) =>
  home.perform('release.export', { release: home.release, folder: join(folders.path, name) });

async function verified() {
  const holes: unknown[] = [];
  const onHole = (hole: unknown) => void holes.push(hole);
  return { ...(await verify(parseCid(home.release), onHole, home.node.archive)), holes };
}

it('is not exported from the moment on at which a removal is asked for, and is sound all the same', async () => {
  const subject = { assets: [assetOf('large.txt'), assetOf('small.txt')] };
  const { id } = (await home.perform('remove', { subject, reason: 'asked' })) as { id: string };
  removal = id;
  await expect(exportTo('asked')).rejects.toMatchObject({
    code: 'content_removed',
    message: expect.stringContaining(`(${id}, `),
  });
  expect(readdirSync(folders.path)).toEqual([]);
  expect(await verified()).toMatchObject({ ok: true, assets: 4, removed: 0, holes: [] });
});

it('is verified around the holes, each with the removal that made it', async () => {
  laterMs = REFLECTION_MS + 2_000;
  await home.perform('remove.confirm', { id: removal });
  const { content } = home.node.archive;
  const isHere = () => Promise.all(['large.txt', 'small.txt'].map((t) => content.has(assetOf(t))));
  await expect.poll(isHere, { timeout: 30_000 }).toEqual([false, false]);

  const report = await verified();
  expect(report).toMatchObject({ ok: true, assets: 4, removed: 2, problems: [] });
  const hole = (title: string) => ({
    ...{ asset: assetOf(title), shard: SHARD, size: works[title]?.length },
    ...{ removal, at: expect.any(String), organisation: expect.any(String), reason: 'asked' },
  });
  expect(report.holes).toHaveLength(2);
  expect(report.holes).toEqual(expect.arrayContaining([hole('large.txt'), hole('small.txt')]));
  await expect(exportTo('done')).rejects.toMatchObject({ code: 'content_removed' });
});

it('is pulled without what was removed, as the refusal says', async () => {
  const out = join(folders.path, 'pulled');
  await using parts = await openPull(join(folders.path, 'key.pem'), environs);
  await pullRelease(
    {
      ...{
        release: parseWanted(home.release),
        from: [home.node.url ?? ''],
        folder: out,
        nodes: [],
      },
      ...{ parallel: 4, curator: undefined, token: () => undefined },
    },
    { ...parts, keys: { get: async () => undefined, set: async () => {} } },
    { signal: new AbortController().signal, notice() {}, progress() {} },
  );
  const tar = readFileSync(join(out, SHARD));
  for (const title of ['large.txt', 'small.txt']) expect(tar.includes(assetOf(title))).toBe(false);
  for (const title of ['other.txt', 'stays.txt']) {
    expect(tar.includes(Buffer.from(works[title] ?? ''))).toBe(true);
  }
});

it('is broken where bytes are gone that nobody had removed', async () => {
  await home.node.archive.content.destroy([assetOf('other.txt')]);
  const report = await verified();
  expect(report).toMatchObject({
    ok: false,
    problems: [{ code: 'block_missing', subject: SHARD }],
  });
  expect(report.problems[0]?.text).toContain(assetOf('other.txt'));
});
