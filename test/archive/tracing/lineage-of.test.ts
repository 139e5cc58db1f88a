import { expect, it } from 'vitest';
import { lineageOf } from '../../../src/archive/tracing/lineage-of.ts';
import { openReleaseHome } from '../../support/release-home.ts';

it('tells both directions of a lineage, its taint, and the way by which that came', async () => {
  const names = ['source', 'copy', 'collage', 'sibling', 'idea'];
  const works = names.map((name) => [name, Buffer.from(`${name}\n`)] as const);
  await using home = await openReleaseHome(Object.fromEntries(works));
  const { archive } = home.node;
  const cid = (name: string) => home.assets.get(name) ?? '';
  const derived = async (child: string, parent: string, relation: string) =>
    home.perform('derive', { child: cid(child), parent: cid(parent), relation });
  await derived('copy', 'source', 'generative-edit');
  await derived('sibling', 'source', 'derived-from');
  await derived('collage', 'copy', 'composed-of');
  await derived('collage', 'idea', 'inspired-by');
  await derived('idea', 'collage', 'inspired-by');
  await archive.catalog.catchUp();

  const told = lineageOf(cid('copy'), archive);
  const called = new Map([...home.assets].map(([name, one]) => [one, name]));
  expect(told.relatives[0]).toMatchObject({ title: 'copy', taint: 'MIXED', status: 'deposited' });
  // The sibling stems from its source, and neither from it nor the other way round.
  const met = told.relatives.map(({ title }) => title).sort();
  expect(met).toEqual(['collage', 'copy', 'idea', 'source']);
  const descents = told.descents.map(
    ({ child, parent, relation }) => `${called.get(child)} ${relation} ${called.get(parent)}`,
  );
  expect(descents.sort()).toEqual([
    'collage composed-of copy',
    'collage inspired-by idea',
    'copy generative-edit source',
    'idea inspired-by collage',
  ]);
  expect(told.isCut).toBe(false);
  expect(told.path).toEqual([cid('copy')]);
  expect(lineageOf(cid('collage'), archive).path).toEqual([cid('collage'), cid('copy')]);
  expect(lineageOf(cid('idea'), archive)).toMatchObject({
    path: [],
    relatives: expect.arrayContaining([expect.objectContaining({ title: 'idea', taint: 'CLEAN' })]),
  });
});
