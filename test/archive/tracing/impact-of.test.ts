import { afterAll, beforeAll, expect, it } from 'vitest';
import { say } from '../../../src/archive/say.ts';
import { type Impact, impactOf } from '../../../src/archive/tracing/impact-of.ts';
import type { Cid } from '../../../src/core/cid.ts';
import type { Did } from '../../../src/core/entries/did-key.ts';
import { memberOf } from '../../support/memory-ledger.ts';
import { openReleaseHome, type ReleaseHome } from '../../support/release-home.ts';

const works = Object.fromEntries(
  Array.from({ length: 6 }, (_, index) => [`poem${index}.txt`, Buffer.from(`poem ${index}\n`)]),
);
const [one, other] = [memberOf(2).did, memberOf(3).did];
let home: ReleaseHome;
let release: Cid;
let poem: string;
let shard: Cid;

beforeAll(async () => {
  home = await openReleaseHome(works);
  release = home.release as Cid;
  poem = home.assets.get('poem3.txt') ?? '';
  const { shards } = await home.node.archive.releases.manifest(release);
  shard = shards[0]?.cid as Cid;
});
afterAll(() => home[Symbol.asyncDispose]());

async function pulled(puller: Did, revision: number, shards: readonly Cid[] = [shard]) {
  const asked = { purpose: 'ai_generative_training', requester: 'anyone' } as const;
  const body = { release, revision, shards: [...shards], ...asked, puller };
  const { id } = await say('receipt', body, home.node.archive);
  return id;
}

async function impact(): Promise<readonly Impact[]> {
  await home.node.archive.catalog.catchUp();
  return Array.fromAsync(impactOf(poem, home.node.archive));
}

it('tells who has an asset, and once it is withdrawn, what each has to do', async () => {
  const first = await pulled(one, 0);
  const second = await pulled(other, 0);
  const trained = { model: 'prints-1', weights: 'a'.repeat(64), generative: true, record: null };
  await say('model', { ...trained, receipts: [first] }, home.node.archive);
  expect(await impact()).toMatchObject([
    {
      ...{ kind: 'release', release, name: 'works', version: '1.0.0' },
      left: { is: 'included', reason: null, since: null, issued: null },
    },
    { kind: 'receipt', id: first, puller: one, revision: 0, obligation: 'none' },
    { kind: 'receipt', id: second, puller: other, obligation: 'none', updatedBy: null },
    { kind: 'model', model: 'prints-1', receipts: [first], obligation: 'none' },
  ]);

  const words = { kind: 'hold', reason: 'PROVENANCE', source: 'steward' };
  const deadline = '2036-01-01T00:00:00Z';
  await home.perform('stop', { words: { ...words, deadline }, subject: { assets: [poem] } });
  await home.node.archive.catalog.catchUp();
  const lists = () => home.node.archive.revisions.list(release);
  await expect.poll(async () => (await lists()).length).toBe(1);
  const updated = await pulled(one, 1);
  expect(await impact()).toMatchObject([
    { kind: 'release', left: { is: 'withdrawn', reason: 'H_HOLD', since: 1 } },
    { kind: 'receipt', id: first, obligation: 'none', updatedBy: updated },
    { kind: 'receipt', id: second, obligation: 'update', updatedBy: null },
    { kind: 'model', model: 'prints-1', receipts: [first], obligation: 'listed' },
  ]);
  const counts = await home.perform('release.impact', { asset: poem });
  expect(counts).toEqual({
    ...{ asset: poem, releases: 1, receipts: 2, pullers: 2, models: 1, outstanding: 1 },
  });
});

it('tells of nothing where an asset is in no release, and refuses what is no asset', async () => {
  const refused = Array.fromAsync(impactOf(release, home.node.archive));
  await expect(refused).rejects.toMatchObject({ code: 'not_found' });
  await expect(Array.fromAsync(impactOf('poem', home.node.archive))).rejects.toMatchObject({
    code: 'input_invalid',
  });
});
