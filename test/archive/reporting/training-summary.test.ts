import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import {
  type TrainingSummary,
  trainingSummary,
} from '../../../src/core/dataset/training-summary.ts';
import { openReleaseHome, type ReleaseHome } from '../../support/release-home.ts';

const works = Object.fromEntries(
  Array.from({ length: 4 }, (_, index) => [`poem${index}.txt`, Buffer.from(`poem ${index}\n`)]),
);
let home: ReleaseHome;

beforeAll(async () => {
  home = await openReleaseHome(works);
});
afterAll(() => home[Symbol.asyncDispose]());

async function report(releases: readonly object[] = [{ name: 'works', version: '1.0.0' }]) {
  const done = await home.perform('report.ai-act', { releases });
  const { summary, markdown } = done as { summary: TrainingSummary; markdown: string };
  return { summary: trainingSummary.parse(summary), markdown };
}

it('fills in what the archive knows and leaves the rest to the provider', async () => {
  const { summary, markdown } = await report();
  expect(summary).toMatchObject({
    status: 'draft',
    general: { provider: { toBeFilledIn: expect.any(String) } },
    modalities: [
      {
        ...{ modality: 'text', assets: 4, bytes: 28, withoutLanguage: 4, languages: {} },
        size: { range: 'Less than 1 billion tokens' },
        mediaTypes: { 'text/plain': 4 },
      },
    ],
    datasets: [
      {
        ...{ name: 'works', version: '1.0.0', release: home.release, assets: 4, repeated: 0 },
        ...{ isOpen: false, withdrawals: { lists: [], out: 0 }, previous: null },
      },
    ],
    sources: {
      public: { assets: 0 },
      licensed: { assets: 0 },
      otherPrivate: { assets: 4, modalities: { text: 4 } },
      synthetic: { registered: 0, levels: { H2: 4 } },
    },
    processing: { inspected: 4, complaints: { isOpen: false, pages: [] } },
  });
  expect(markdown).toContain('This is a draft');
  expect(markdown).toContain('_To be filled in by the provider: name of the provider');
  expect(markdown).not.toContain('Ann');
});

it('counts an asset of several releases once, and tells what was withdrawn since', async () => {
  await home.perform('release.cut', {
    ...{ purpose: 'ai_generative_training', policy: 'corroborated', requester: 'anyone' },
    ...{ name: 'works', version: '2.0.0', filter: {}, seed: 'again' },
  });
  await home.show('public');
  const poem = home.assets.get('poem3.txt') ?? '';
  const words = { kind: 'hold', reason: 'PROVENANCE', source: 'steward' };
  const deadline = '2036-01-01T00:00:00Z';
  await home.perform('stop', { words: { ...words, deadline }, subject: { assets: [poem] } });
  await home.node.archive.catalog.catchUp();
  const lists = () => home.node.archive.revisions.list(home.release as Cid);
  await expect.poll(async () => (await lists()).length).toBe(1);

  const both = [{ release: home.release }, { name: 'works', version: '2.0.0' }];
  const { summary, markdown } = await report(both);
  const withdrawals = { out: 1, lists: [{ revision: 1, withdrawn: 1, reasons: { H_HOLD: 1 } }] };
  expect(summary.modalities).toMatchObject([{ assets: 4, bytes: 28 }]);
  expect(summary.datasets).toMatchObject([
    { release: home.release, repeated: 0, withdrawals },
    { version: '2.0.0', repeated: 4, lapsed: 1, previous: { version: '1.0.0', withdrawals } },
  ]);
  expect(markdown).toContain(
    '4 assets that are in a dataset before theirs as well are counted once',
  );
});

it('refuses a release that is not recorded', async () => {
  const refused = report([{ name: 'works', version: '9.0.0' }]);
  await expect(refused).rejects.toMatchObject({ code: 'not_found' });
});
