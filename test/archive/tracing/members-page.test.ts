import { afterAll, beforeAll, expect, it } from 'vitest';
import { releaseMembersPage } from '../../../src/archive/tracing/members-page.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { openReleaseHome, type ReleaseHome } from '../../support/release-home.ts';

const works = Object.fromEntries(
  Array.from({ length: 6 }, (_, index) => [`Élégie ${index}.txt`, Buffer.from(`poem ${index}\n`)]),
);
let home: ReleaseHome;
let all: Awaited<ReturnType<typeof page>>['members'];

beforeAll(async () => {
  home = await openReleaseHome(works);
  all = (await page({})).members;
});
afterAll(() => home[Symbol.asyncDispose]());

function page(asked: Partial<Parameters<typeof releaseMembersPage>[0]>, signal = signalOf(false)) {
  const release = home.release as Cid;
  const request = { release, from: 0, limit: 100, text: '', left: false, ...asked };
  return releaseMembersPage(request, home.node.archive, signal);
}

function signalOf(isAborted: boolean): AbortSignal {
  return isAborted ? AbortSignal.abort() : new AbortController().signal;
}

it('tells all members, each once, however short the pages are', async () => {
  expect(all.map(({ title }) => title).sort()).toEqual(Object.keys(works).sort());
  const found = [];
  for (let from: number | null = 0; from !== null; ) {
    const told = await page({ from, limit: 4 });
    expect(told).toMatchObject({ assets: 6, left: 0, revision: 0 });
    found.push(...told.members);
    from = told.next;
  }
  expect(found).toEqual(all);
  expect((await page({ from: 6 })).members).toEqual([]);
});

it('finds words of titles, makers and CIDs, whatever their accents and capitals', async () => {
  const [first] = all;
  const found = async (text: string) => (await page({ text })).members.map(({ row }) => row);
  expect(await found('elegie ANN')).toHaveLength(6);
  expect(await found(first?.asset.slice(0, 30) ?? '')).toEqual([0]);
  expect(await found('nothing of that name')).toEqual([]);
});

it('stops where nobody waits any more', async () => {
  await expect(page({}, signalOf(true))).rejects.toMatchObject({ code: 'aborted' });
});

it('tells since which revision a member is served no more, and why, until it is served again', async () => {
  const asset = home.assets.get('Élégie 3.txt') ?? '';
  const words = { kind: 'hold', reason: 'PROVENANCE', source: 'steward' };
  const deadline = '2036-01-01T00:00:00Z';
  const subject = { assets: [asset] };
  const stopped = await home.perform('stop', { words: { ...words, deadline }, subject });
  const hold = stopped as { readonly id: string };
  await expect.poll(async () => (await page({})).revision).toBe(1);
  const { members, left } = await page({ left: true });
  expect(left).toBe(1);
  const gone = { state: 'withdrawn', reason: 'H_HOLD', since: 1, issued: expect.any(String) };
  expect(members).toMatchObject([{ asset, title: 'Élégie 3.txt', left: gone }]);

  await home.perform('resolve', { of: [hold.id], outcome: 'lifted', subject });
  await expect.poll(async () => (await page({})).left).toBe(0);
  expect((await page({})).members).toEqual(all);
});
