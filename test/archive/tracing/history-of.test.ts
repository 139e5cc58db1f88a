import { expect, it } from 'vitest';
import { historyOf } from '../../../src/archive/tracing/history-of.ts';
import { openReleaseHome } from '../../support/release-home.ts';

it('tells everything that was said of an asset, who said it, and what came of it', async () => {
  await using home = await openReleaseHome({ 'poem.txt': Buffer.from('a poem\n') });
  const { archive } = home.node;
  const asset = home.assets.get('poem.txt') ?? '';
  const words = { kind: 'hold', reason: 'PROVENANCE', source: 'steward' };
  const deadline = '2036-01-01T00:00:00Z';
  const note = 'whose hand?';
  const subject = { assets: [asset] };
  const held = await home.perform('stop', { words: { ...words, deadline }, subject, note });
  const { id: hold } = held as { id: string };
  const resolved = await home.perform('resolve', { of: [hold], outcome: 'lifted', subject });
  const { id: resolution } = resolved as { id: string };
  await archive.catalog.catchUp();

  const { statements, total, cursor } = historyOf(asset, { limit: 1000 }, archive);
  expect([statements.length, cursor]).toEqual([total, null]);
  const times = statements.map(({ at }) => at);
  expect(times).toEqual(times.toSorted().reverse());
  const { did, organisation } = archive.ledger.self;
  const recorder = { key: did, organisation, organisationName: 'House' };
  expect(statements.find(({ id }) => id === hold)).toMatchObject({
    ...{ kind: 'hold', author: recorder, bySet: false, signer: null, lacksWords: false },
    body: { reason: 'PROVENANCE', deadline },
    words: { text: note },
    namedBy: [{ id: resolution, kind: 'resolution' }],
  });
  expect(statements.find(({ kind }) => kind === 'deposit')).toMatchObject({
    words: { title: 'poem.txt', makers: ['Ann'] },
  });
  expect(statements.find(({ kind }) => kind === 'release')).toMatchObject({ bySet: true });

  const paged: string[] = [];
  let next: string | undefined;
  do {
    const page = historyOf(asset, { limit: 2, cursor: next }, archive);
    paged.push(...page.statements.map(({ id }) => id));
    next = page.cursor ?? undefined;
  } while (next !== undefined);
  expect(paged).toEqual(statements.map(({ id }) => id));
  const one = historyOf(asset, { limit: 100, only: [hold] }, archive);
  expect(one.statements.map(({ id }) => id)).toEqual([hold]);

  await home.perform('erase', { person: 'Ann', reason: 'request' });
  await archive.catalog.catchUp();
  const after = historyOf(asset, { limit: 1000 }, archive).statements;
  expect(after.find(({ kind }) => kind === 'deposit')).toMatchObject({
    ...{ words: null, lacksWords: true },
    namedBy: [],
  });
  expect(after.some(({ kind }) => kind === 'erasure')).toBe(true);
});
