import { expect, it } from 'vitest';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { type CatalogFixture, catalogFixture } from '../support/catalog-fixture.ts';
import { memberOf, sha256 } from '../support/memory-ledger.ts';

const asset = say.assetOf(1);
const GENERATED = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const REMOVAL = { reason: 'x', secondApprover: null, confirms: null, record: null };

function about<K extends Parameters<typeof createStatement>[0]>(
  kind: K,
  body: Parameters<typeof createStatement<K>>[3],
): say.Said {
  return { statement: createStatement(kind, { asset }, say.AT, body), records: [] };
}

it('shows titles and makers of every deposit of the same bytes, the first deposit first', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const other = memberOf(2, ['archivist']);
  const [, first = ''] = await fixture.say([
    say.findings(asset),
    say.deposit(asset, { title: 'Old title', makers: ['Ada'], filename: 'a.png' }),
  ]);
  await fixture.say(
    [say.deposit(asset, { title: 'Their title', makers: ['Bob', 'Ada'] }, { licence: null })],
    other,
  );
  await fixture.say([
    say.description(asset, first, { title: 'New title', makers: ['Ada', 'Cy'] }, 'image/webp'),
  ]);
  expect(catalog.asset(asset)).toMatchObject({
    cid: asset,
    size: 20_000,
    mediaType: 'image/webp',
    title: 'New title',
    creators: ['Ada', 'Cy', 'Bob'],
    licence: 'CC-BY-4.0',
    status: 'deposited',
    deposits: [
      { id: first, title: 'New title', filename: '', makers: ['Ada', 'Cy'], licence: 'CC-BY-4.0' },
      { title: 'Their title', organisation: other.organisation, licence: null },
    ],
  });
  expect(catalog.list({ text: 'their new' }, { limit: 2 }).assets).toHaveLength(1);
  expect(catalog.list({ text: 'old' }, { limit: 2 }).assets).toEqual([]);
  expect(catalog.list({ maker: 'Bob' }, { limit: 2 }).assets).toHaveLength(1);
});

it('shows the newest finding of each inspector', async () => {
  await using fixture = catalogFixture();
  await fixture.say([say.findings(asset), say.deposit(asset, {})]);
  await fixture.say([say.findings(asset, { generator: 'example' })]);
  const findings = fixture.catalog.asset(asset)?.findings ?? [];
  expect(findings.map(({ inspector }) => inspector)).toEqual([
    'digests',
    'format',
    'source-type',
    'traces',
  ]);
  expect(findings.at(-1)).toMatchObject({ outcome: 'found', facts: { generator: 'example' } });
});

it('lets a licence statement take the place of what a deposit said', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const [id = ''] = await fixture.say([say.deposit(asset, {})]);
  await fixture.say([say.deposit(asset, {}, { licence: 'CC0-1.0' })]);
  await fixture.say([
    about('licence', { deposit: id, licence: 'CC-BY-SA-4.0', replaces: [], record: null }),
  ]);
  expect(catalog.asset(asset)?.deposits.map(({ licence }) => licence)).toEqual([
    'CC-BY-SA-4.0',
    'CC0-1.0',
  ]);
  expect(catalog.list({ licence: 'CC-BY-SA-4.0' }, { limit: 2 }).assets).toHaveLength(1);
  expect(catalog.list({ licence: 'CC-BY-4.0' }, { limit: 2 }).assets).toEqual([]);
  const set = createSet([asset], sha256);
  const body = { deposit: null, licence: null, replaces: [], record: null };
  fixture.ledger.append({
    statements: [createStatement('licence', { set: set.cid }, say.AT, body)],
    documents: set.blocks,
  });
  await catalog.catchUp();
  expect(catalog.asset(asset)).toMatchObject({
    licence: null,
    deposits: [{ licence: null }, { licence: null }],
  });
});

const statuses: readonly (readonly [string, string | undefined, readonly say.Said[]])[] = [
  ['was deposited', 'deposited', [say.deposit(asset, {})]],
  [
    'carries the traces of a generator',
    'synthetic',
    [say.findings(asset, { generator: 'example' }), say.deposit(asset, {})],
  ],
  [
    'says in its bytes that it was generated',
    'synthetic',
    [say.findings(asset, { digitalSourceTypes: [GENERATED] }), say.deposit(asset, {})],
  ],
  ['was registered as generated and deposited by nobody', 'synthetic', [registered()]],
  [
    'was deposited and then registered by somebody',
    'deposited',
    [registered(), say.findings(asset), say.deposit(asset, {})],
  ],
  ['is to be removed', 'removed', [say.deposit(asset, {}), about('removal', REMOVAL)]],
  ['is only spoken of', undefined, [about('removal', REMOVAL)]],
];

it.each(statuses)('gives an asset that %s the status %s', async (_what, status, said) => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  await fixture.say(said);
  expect(catalog.asset(asset)?.status).toBe(status);
  expect(catalog.has(asset)).toBe(status !== undefined);
  expect(catalog.known([say.assetOf(99), asset]).has(asset)).toBe(status !== undefined);
  expect(await catalog.count({})).toBe(status === undefined ? 0 : 1);
  expect(catalog.facts(asset)).toBeDefined();
});

it('calls an asset withdrawn while every consent to it is', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const deposit = say.deposit(asset, { makers: ['Ada'] });
  const makers = say.makersOf(deposit);
  await fixture.say([deposit]);
  const [consent = ''] = await fixture.say([about('consent', say.consentBody(makers))]);
  expect(catalog.asset(asset)?.status).toBe('deposited');
  await fixture.say([
    about('withdrawal', { consents: [consent], makers: [], code: null, record: null }),
  ]);
  expect(catalog.asset(asset)?.status).toBe('withdrawn');
  await fixture.say([about('consent', say.consentBody(makers))]);
  expect(catalog.asset(asset)?.status).toBe('deposited');
});

it('takes size, type and digest of an asset that nobody deposited from its findings', async () => {
  await using fixture = catalogFixture();
  await fixture.say([say.findings(asset, { mediaType: 'image/gif' }), registered()]);
  expect(fixture.catalog.asset(asset)).toMatchObject({
    size: 20_000,
    mediaType: 'image/gif',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    deposits: [],
    title: '',
    creators: [],
    licence: null,
  });
  expect(fixture.catalog.list({ media: 'image/gif' }, { limit: 2 }).assets).toHaveLength(1);
});

it('tells ingest what was last deposited in a place, and what is claimed of it', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  const place = { collection: say.collectionId('prints'), item: say.itemId('a.png') };
  const ask = () => {
    const items = [say.itemId('b.png'), place.item];
    return catalog.items(place.collection, items).get(place.item);
  };
  expect(ask()).toBeUndefined();
  const words = { title: 'Sea', makers: ['Ada'], tags: ['x'], filename: 'a.png' };
  const [deposit = ''] = await fixture.say([say.deposit(asset, words, place)]);
  expect(ask()).toEqual({
    asset,
    deposit,
    record: say.depositRecord(words),
    licence: 'CC-BY-4.0',
    declared: false,
    custody: false,
  });
  await claim(fixture, 'custody');
  expect(ask()).toMatchObject({ declared: false, custody: true });
  await claim(fixture, 'declaration');
  expect(ask()).toMatchObject({ declared: true, custody: true });
  await fixture.say([say.description(asset, deposit, { title: 'Lake' })]);
  expect(ask()).toMatchObject({ deposit, record: { title: 'Lake', makers: [] } });
  const [later = ''] = await fixture.say([say.deposit(say.assetOf(2), words, place)]);
  expect(ask()).toMatchObject({ asset: say.assetOf(2), deposit: later, custody: false });
  expect(catalog.items(say.collectionId('other'), [place.item]).size).toBe(0);
  expect(catalog.items(place.collection, [place.item, place.item]).size).toBe(1);
  expect(ledger.size()).toBe(5);
});

async function claim(fixture: CatalogFixture, kind: 'custody' | 'declaration'): Promise<void> {
  const set = createSet([asset], sha256);
  const custody = say.custodyBody(fixture.ledger.self.organisation);
  const declaration = {
    digitalSourceType: null,
    generative: 'none',
    tools: [],
    makers: [],
    identity: null,
    record: null,
  } as const;
  const subject = { set: set.cid };
  const statement =
    kind === 'custody'
      ? createStatement('custody', subject, say.AT, custody)
      : createStatement('declaration', subject, say.AT, {
          ...declaration,
          tools: [],
          makers: [],
        });
  fixture.ledger.append({ statements: [statement], documents: set.blocks });
  await fixture.catalog.catchUp();
}

function registered(): say.Said {
  return about('synthetic', {
    generator: 'example',
    basis: 'registrant',
    mixed: false,
    record: null,
  });
}
