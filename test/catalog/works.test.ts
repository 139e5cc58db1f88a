import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AssetFilter } from '../../src/core/ports/asset-lists.ts';
import type { Catalog } from '../../src/core/ports/catalog.ts';
import * as say from '../support/asset-statements.ts';
import { catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';
import { memberOf } from '../support/memory-ledger.ts';

const workId = (n: number) => n.toString(16).padStart(32, '0');

/** The id under which the catalog knows a work that this member's organisation names. */
const shownId = (n: number, { organisation } = memberOf(1)) =>
  createHash('sha256')
    .update(`${organisation} ${workId(n)}`)
    .digest('hex')
    .slice(0, 32);

interface Sheet {
  /** None where it stands alone. */
  readonly work: number | undefined;
  readonly isBlue: boolean;
}

async function deposited(sheets: readonly Sheet[]) {
  const fixture = catalogFixture();
  await fixture.say([
    say.naming('prints'),
    ...sheets.flatMap(({ work, isBlue }, i) => [
      say.findings(say.assetOf(i), { mediaType: 'image/png' }),
      say.deposit(
        say.assetOf(i),
        {
          title: `Sheet ${i} ${isBlue ? 'blue' : 'red'}`,
          makers: ['Ada'],
          filename: `${i}.png`,
          earliest: '',
        },
        work === undefined ? {} : { work: workId(work), part: i + 1 },
      ),
    ]),
  ]);
  return fixture;
}

/** Returns the numbers of the sheets on all pages, listed by work. */
function walk(catalog: Catalog, filter: AssetFilter, limit: number, from?: string): number[] {
  const found: number[] = [];
  let cursor = from;
  do {
    const at = cursor === undefined ? {} : { cursor };
    const page = catalog.list(filter, { limit, ...at, by: 'work' });
    found.push(...page.assets.map(({ title }) => Number(title.split(' ')[1])));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/** The first of each work among the sheets that are meant, and those that stand alone. */
function firsts(sheets: readonly Sheet[], isMeant: (sheet: Sheet) => boolean): number[] {
  const meant = sheets.map((sheet, i) => ({ ...sheet, i })).filter(isMeant);
  return meant
    .filter(({ work, i }) => work === undefined || meant.find((one) => one.work === work)?.i === i)
    .map(({ i }) => i);
}

it('lists, counts and skips one asset for each work, the first part that matches', async () => {
  const sheet = fc.record({
    work: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    isBlue: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(sheet, { minLength: 1, maxLength: 24 }),
      fc.integer({ min: 1, max: 7 }),
      async (sheets, limit) => {
        await using fixture = await deposited(sheets);
        const { catalog } = fixture;
        for (const [filter, isMeant] of [
          [{}, () => true],
          [{ text: 'blue' }, ({ isBlue }: Sheet) => isBlue],
          [{ media: 'image', text: 'red' }, ({ isBlue }: Sheet) => !isBlue],
        ] as const) {
          const expected = firsts(sheets, isMeant);
          expect(walk(catalog, filter, limit)).toEqual(expected);
          expect(await catalog.count(filter, { by: 'work' })).toBe(expected.length);
          for (const skip of [1, 3, expected.length, 40]) {
            const from = await catalog.cursorAfter(filter, skip, { by: 'work' });
            expect(walk(catalog, filter, limit, from)).toEqual(expected.slice(skip));
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});

it('finds what stood for a work however many parts that do not match came before', async () => {
  const sheets = Array.from({ length: 480 }, (_, i) => ({
    work: i % 2,
    isBlue: i === 301 || i > 400,
  }));
  await using fixture = await deposited(sheets);
  const { catalog } = fixture;
  for (const filter of [{ text: 'blue' }, { media: 'image', text: 'blu*' }]) {
    const from = await catalog.cursorAfter(filter, 1, { by: 'work' });
    expect(walk(catalog, filter, 1, from)).toEqual([402]);
    expect(walk(catalog, filter, 1)).toEqual([301, 402]);
  }
});

it('tells of an asset its work, its place in it and how many parts there are', async () => {
  await using fixture = await deposited([
    { work: 1, isBlue: true },
    { work: undefined, isBlue: true },
    { work: 1, isBlue: false },
  ]);
  const { catalog } = fixture;
  const { assets } = catalog.list({}, { limit: 10 });
  expect(assets.map(({ work }) => work)).toEqual([
    { id: shownId(1), part: 1, parts: 2 },
    null,
    { id: shownId(1), part: 3, parts: 2 },
  ]);
  expect(catalog.asset(say.assetOf(2))?.work).toEqual({ id: shownId(1), part: 3, parts: 2 });
});

it('narrows to the parts of one work, with other conditions as well', async () => {
  const sheets = Array.from({ length: 12 }, (_, i) => ({ work: i % 3, isBlue: i % 2 === 0 }));
  await using fixture = await deposited(sheets);
  const { catalog } = fixture;
  const found = (filter: AssetFilter) =>
    catalog.list(filter, { limit: 20 }).assets.map(({ title }) => Number(title.split(' ')[1]));
  expect(found({ work: shownId(1) })).toEqual([1, 4, 7, 10]);
  expect(await catalog.count({ work: shownId(1) })).toBe(4);
  expect(found({ work: shownId(1), text: 'blue' })).toEqual([4, 10]);
  expect(found({ work: shownId(1), verdict: { ...ELIGIBLE, is: 'ineligible' } })).toEqual([
    1, 4, 7, 10,
  ]);
  expect(found({ work: shownId(9) })).toEqual([]);
});

it('takes no cursor of a listing that was gathered otherwise', async () => {
  await using fixture = await deposited(
    Array.from({ length: 6 }, () => ({ work: 1, isBlue: true })),
  );
  const { catalog } = fixture;
  const { cursor = '' } = catalog.list({}, { limit: 2 });
  expect(() => catalog.list({}, { limit: 2, cursor, by: 'work' })).toThrowError(
    expect.objectContaining({ code: 'usage_invalid' }),
  );
});

it('keeps the first work that is named where an asset is deposited as a part of two', async () => {
  await using fixture = await deposited([{ work: 1, isBlue: true }]);
  const { catalog } = fixture;
  const again = { title: 'Sheet 0', makers: ['Ada'], filename: 'again.png', earliest: '' };
  await fixture.say([say.deposit(say.assetOf(0), again, { work: workId(2), part: 7 })]);
  expect(catalog.asset(say.assetOf(0))?.work?.id).toBe(shownId(1));
  expect(catalog.list({ work: shownId(2) }, { limit: 5 }).assets).toEqual([]);
});

it('lets no other organisation put assets into a work by giving its id', async () => {
  await using fixture = await deposited([{ work: 1, isBlue: true }]);
  const { catalog } = fixture;
  const other = memberOf(2, ['archivist']);
  const planted = { title: 'Planted', makers: ['Eve'], filename: '9.png', earliest: '' };
  const said = say.deposit(say.assetOf(9), planted, { work: workId(1), part: 2 });
  await fixture.say([say.findings(say.assetOf(9)), said], other);
  const titles = (work: string) =>
    catalog.list({ work }, { limit: 5 }).assets.map(({ title }) => title);
  expect(titles(shownId(1))).toEqual(['Sheet 0 blue']);
  expect(titles(shownId(1, other))).toEqual(['Planted']);
  expect(catalog.asset(say.assetOf(0))?.work?.parts).toBe(1);
  expect(catalog.list({}, { limit: 5, by: 'work' }).assets).toHaveLength(2);
});
