import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openForReading } from '../../src/catalog/file/catalog-file.ts';
import { Conditions } from '../../src/catalog/listing/conditions.ts';
import { countAll } from '../../src/catalog/listing/count-all.ts';
import { Pacer } from '../../src/catalog/pacer.ts';
import { SignerReader } from '../../src/catalog/reading/signer-reader.ts';
import { Verdicts } from '../../src/catalog/verdicts.ts';
import type { AssetFilter } from '../../src/core/ports/asset-lists.ts';
import type { Catalog } from '../../src/core/ports/catalog.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { type CatalogFixture, catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';
import { sha256 } from '../support/memory-ledger.ts';

const MEDIA = ['image/png', 'image/jpeg', 'text/plain', 'imagery/x'];
const LICENCES = ['CC0-1.0', 'CC-BY-4.0', null];

/** Deposits assets of which every filter matches some; the first half is in custody. */
async function fill(fixture: CatalogFixture, count: number): Promise<void> {
  const assets = Array.from({ length: count }, (_, i) => say.assetOf(i));
  await fixture.say([
    say.naming('prints'),
    ...assets.flatMap((asset, i) => [
      say.findings(asset, { mediaType: MEDIA[i % 4] ?? '' }),
      say.deposit(
        asset,
        {
          title: `Number ${i} ${i % 2 === 0 ? 'even' : 'odd'}`,
          makers: [`Maker ${i % 5}`, ' ADA  Lovelace '],
          filename: `folder/${i}.png`,
          earliest: i % 4 === 3 ? '' : `${1900 + (i % 3)}-05-01`,
        },
        {
          mediaType: MEDIA[i % 4] ?? '',
          licence: LICENCES[i % 3] ?? null,
          collection: say.collectionId(i % 7 === 0 ? 'other' : 'prints'),
        },
      ),
    ]),
  ]);
  const set = createSet(assets.slice(0, count / 2), sha256);
  const { self } = fixture.ledger;
  fixture.ledger.append({
    statements: [
      createStatement('custody', { set: set.cid }, say.AT, say.custodyBody(self.organisation)),
    ],
    documents: set.blocks,
  });
  await fixture.catalog.catchUp();
}

const { is: _is, ...OPEN } = ELIGIBLE;

/** Filters over 60 assets of {@link fill}, and whom each is to find. */
const FILTERS: readonly (readonly [AssetFilter, (i: number) => boolean])[] = [
  [{}, () => true],
  [{ media: 'image/png' }, (i) => i % 4 === 0],
  [{ media: 'image' }, (i) => i % 4 < 2],
  [{ media: 'video' }, () => false],
  [{ licence: 'CC0-1.0' }, (i) => i % 3 === 0],
  [{ collection: 'prints' }, (i) => i % 7 !== 0],
  [{ collection: say.collectionId('other') }, (i) => i % 7 === 0],
  [{ collection: 'other' }, () => false],
  [{ maker: 'maker 3' }, (i) => i % 5 === 3],
  [{ maker: 'Ada Lovelace' }, () => true],
  [{ maker: 'Ada' }, () => false],
  [{ year: 1901 }, (i) => i % 4 !== 3 && i % 3 === 1],
  [{ year: 1950 }, () => false],
  [{ status: 'deposited' }, () => true],
  [{ status: 'removed' }, () => false],
  [{ text: 'even' }, (i) => i % 2 === 0],
  [{ text: 'odd maker 2' }, (i) => i % 2 === 1 && (i % 5 === 2 || i === 2)],
  [{ verdict: ELIGIBLE }, (i) => i < 30 && i % 3 !== 2],
  [{ verdict: { ...OPEN, gate: 'Allowed' } }, (i) => i % 3 === 2],
  [{ verdict: { ...OPEN, level: 'H0' } }, (i) => i >= 30],
  [{ verdict: { ...ELIGIBLE, is: 'ineligible' } }, (i) => !(i < 30 && i % 3 !== 2)],
];

/** Returns the numbers of the assets on all pages, in the order of the pages. */
function walk(catalog: Catalog, filter: AssetFilter, limit: number): readonly number[] {
  const titles: string[] = [];
  let cursor: string | undefined;
  do {
    const page = catalog.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.assets.length).toBeLessThanOrEqual(limit);
    titles.push(...page.assets.map(({ title }) => title));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return titles.map((title) => Number(title.split(' ')[1]));
}

it('lists, counts and pages by every filter and combination, in the order of arrival', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  await fill(fixture, 60);
  const all = Array.from({ length: 60 }, (_, i) => i);
  for (const [one, isOne] of FILTERS) {
    for (const [other, isOther] of FILTERS) {
      // Of two filters that speak of the same, the second wins.
      const isReplaced = Object.keys(one).some((key) => key in other);
      const expected = all.filter((i) => (isReplaced || isOne(i)) && isOther(i));
      const filter = { ...one, ...other };
      expect(walk(catalog, filter, 7), JSON.stringify([one, other])).toEqual(expected);
      expect(await catalog.count(filter)).toBe(expected.length);
    }
  }
});

it('counts as it lists where conditions hold for so many that it goes through all assets', async () => {
  await using fixture = catalogFixture();
  await fill(fixture, 60);
  using db = openForReading(fixture.path);
  const conditions = new Conditions(db, new Verdicts(db, fixture.ledger), new SignerReader(db));
  for (const [one, isOne] of FILTERS) {
    for (const [other, isOther] of FILTERS) {
      if (Object.keys(one).some((key) => key in other)) continue;
      const terms = conditions.of({ ...one, ...other }).map(({ term }) => term);
      const expected = Array.from({ length: 60 }, (_, i) => i).filter(
        (i) => isOne(i) && isOther(i),
      );
      const counted = await countAll(db, terms, new Pacer([]));
      expect(counted, JSON.stringify([one, other])).toBe(expected.length);
    }
  }
});

it('says of what a filter finds how much has which value, and begins anywhere in it', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  await fill(fixture, 60);
  for (const [filter] of FILTERS) {
    const { assets, level, gate, ...facets } = await catalog.facets(filter, OPEN);
    expect(assets).toBe(await catalog.count(filter));
    for (const [facet, values] of Object.entries(facets)) {
      for (const { value, assets: counted } of values) {
        const narrowed = { ...filter, [facet]: facet === 'year' ? Number(value) : value };
        // A filter that speaks of the same is replaced, and then more may be found.
        const most = await catalog.count(narrowed);
        if (facet in filter) expect(counted).toBeLessThanOrEqual(most);
        else expect([filter, facet, value, counted]).toEqual([filter, facet, value, most]);
      }
    }
    for (const [name, values] of Object.entries({ level, gate })) {
      for (const { value, assets: counted } of values) {
        if (filter.verdict !== undefined) continue;
        const verdict = { ...OPEN, [name]: value };
        expect(counted).toBe(await catalog.count({ ...filter, verdict }));
      }
    }
    const all = walk(catalog, filter, 60);
    for (const skip of [0, 1, 7, 59, 99]) {
      const cursor = await catalog.cursorAfter(filter, skip);
      const page = catalog.list(filter, { limit: 60, ...(cursor === undefined ? {} : { cursor }) });
      const numbers = page.assets.map(({ title }) => Number(title.split(' ')[1]));
      expect(numbers).toEqual(all.slice(skip));
    }
  }
  const { maker, year } = await catalog.facets({}, OPEN);
  expect(maker[0]).toEqual({ value: ' ADA  Lovelace ', assets: 60 });
  expect(year.map(({ value }) => value)).toEqual(['1900', '1901', '1902']);
});

it('refuses cursors that it has not given out, or gave out for another filter', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  await fill(fixture, 6);
  const { cursor = '' } = catalog.list({}, { limit: 2 });
  expect(catalog.list({}, { limit: 2, cursor }).assets).toHaveLength(2);
  const refused = expect.objectContaining({ code: 'usage_invalid' });
  expect(() => catalog.list({ media: 'image' }, { limit: 2, cursor })).toThrow(refused);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.constant(`${cursor}=`)), (garbage) => {
      expect(() => catalog.list({}, { limit: 2, cursor: garbage })).toThrow(refused);
    }),
  );
  for (const limit of [0, -1, 1.5, Number.NaN, 10_001]) {
    expect(() => catalog.list({}, { limit })).toThrow(refused);
  }
});

it('takes nothing that is typed for the query language', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  await fill(fixture, 6);
  const typed = [
    '"',
    '""" OR number',
    'title:number',
    'NEAR(number even)',
    'number AND',
    '-number',
    '^number',
    '{title}: number',
    "number'); DROP TABLE assets; --",
    'num\u0000ber',
    '😀',
    '*',
    '**',
    'a'.repeat(10_000),
    'x '.repeat(5_000),
    '\ud800',
  ];
  for (const text of typed) expect(() => catalog.list({ text }, { limit: 10 })).not.toThrow();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      catalog.list({ text }, { limit: 1 });
    }),
  );
  expect(catalog.list({ text: 'number NOT even' }, { limit: 10 }).assets).toEqual([]);
  expect(catalog.list({ text: '😀' }, { limit: 10 }).assets).toEqual([]);
  expect(catalog.list({ text: 'num\u0000ber' }, { limit: 10 }).assets).toEqual([]);
  expect(catalog.list({ text: '  ' }, { limit: 10 }).assets).toHaveLength(6);
  expect(() => catalog.list({ text: 'a'.repeat(10_001) }, { limit: 1 })).toThrow(
    expect.objectContaining({ code: 'usage_invalid' }),
  );
});

it('finds words without their accents, by their beginning, and in every column', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const asset = say.assetOf('one');
  await fixture.say([
    say.findings(asset),
    say.deposit(asset, {
      title: 'Çà et là, nº 7',
      makers: ['Élisabeth Vigée-Le Brun'],
      filename: 'scans/IMG_0042 (copy).tif',
      tags: ['Öl auf Leinwand'],
      notes: 'with NUL \u0000 and "quotes"',
    }),
  ]);
  const found = [
    'ca et la',
    'VIGEE',
    'vigée-le',
    'img_0042',
    '0042 tif',
    'lein*',
    'öl',
    'ol',
    'quotes',
    '"quotes"',
    'nul',
    'elisabeth leinwand copy',
  ];
  for (const text of found) expect(catalog.list({ text }, { limit: 2 }).assets).toHaveLength(1);
  for (const text of ['lein', 'elisabeth water', 'la et']) {
    const isExpected = text === 'la et' ? 1 : 0;
    expect(catalog.list({ text }, { limit: 2 }).assets).toHaveLength(isExpected);
  }
});

it('goes on with a cursor where many assets are looked at and few fit', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const count = 9_000;
  for (let start = 0; start < count; start += 1_000) {
    const assets = Array.from({ length: 1_000 }, (_, i) => start + i);
    fixture.ledger.append(
      say.saying(
        assets.map((i) =>
          say.deposit(
            say.assetOf(i),
            { title: `Number ${i} ${i % 2 === 0 ? 'even' : 'odd'}` },
            { mediaType: i % 2 === 0 || i === 8_501 ? 'image/png' : 'text/plain' },
          ),
        ),
      ),
    );
  }
  await catalog.catchUp();
  const filter = { text: 'odd', media: 'image' };
  const first = catalog.list(filter, { limit: 1 });
  expect(first).toMatchObject({ assets: [], cursor: expect.any(String) });
  expect(walk(catalog, filter, 1)).toEqual([8_501]);
  expect(await catalog.count(filter)).toBe(1);
});
