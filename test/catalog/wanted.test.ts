import { describe, expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import type { Catalog } from '../../src/core/ports/catalog.ts';
import type { WantedFeed } from '../../src/core/ports/replica-wants.ts';
import { parseReplicaPolicy } from '../../src/core/sharing/replica-policy.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { type CatalogFixture, catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';
import { sha256 } from '../support/memory-ledger.ts';
import { BODIES } from '../support/statement-bodies.ts';

const [a, b, c] = [say.assetOf('a'), say.assetOf('b'), say.assetOf('c')];

function wantedBy(catalog: Catalog, ...policies: string[]): WantedFeed {
  return catalog.wanted({
    policies: policies.map(parseReplicaPolicy),
    policy: 'corroborated',
    at: () => say.AT,
  });
}

/** Returns everything that the feed has to tell for now, however little is looked at each time. */
function told(feed: WantedFeed, limit = 2): Cid[] {
  const cids: Cid[] = [];
  for (;;) {
    const { assets, isEnd } = feed.next(limit);
    cids.push(...assets.map(({ cid }) => cid));
    if (isEnd) return cids;
  }
}

/** States custody over the assets, which makes deposits with a free licence eligible. */
function stateCustody(fixture: CatalogFixture, assets: readonly Cid[]): Promise<unknown> {
  const set = createSet(assets, sha256);
  const body = say.custodyBody(fixture.ledger.self.organisation);
  fixture.ledger.append({
    statements: [createStatement('custody', { set: set.cid }, say.AT, body)],
    records: [],
    documents: set.blocks,
  });
  return fixture.catalog.catchUp();
}

it('tells every asset once, and afterwards those of which something new is said', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  await fixture.say([say.deposit(a, { title: 'a' }), say.deposit(b, { title: 'b' })]);
  const feed = wantedBy(catalog, 'all');
  expect(told(feed)).toEqual([a, b]);
  expect(told(feed)).toEqual([]);
  await fixture.say([say.deposit(c, { title: 'c' })]);
  await fixture.say([say.findings(a)]);
  expect(told(feed, 1)).toEqual([c, a]);
  expect(told(feed)).toEqual([]);
});

it('tells what a later statement about a set makes eligible, and nothing before', async () => {
  await using fixture = catalogFixture();
  for (const asset of [a, b, c]) {
    await fixture.say([say.deposit(asset, { title: 'x' }), say.findings(asset)]);
  }
  const feed = wantedBy(fixture.catalog, 'eligible');
  expect(told(feed)).toEqual([]);
  await stateCustody(fixture, [a, c]);
  expect(told(feed).sort()).toEqual([a, c].sort());
});

it('leaves aside witnesses and copies, which replication itself supplies', async () => {
  await using fixture = catalogFixture();
  const policies = fixture.ledger.policies().map(({ cid, policy }) => ({
    cid,
    policy: { ...policy, witnesses: 1, copies: 2 },
  }));
  Object.assign(fixture.ledger, { policies: () => policies });
  await fixture.say([say.deposit(a, { title: 'x' }), say.findings(a)]);
  await stateCustody(fixture, [a]);
  expect(fixture.catalog.counts(ELIGIBLE)).toMatchObject({ eligible: 0, ineligible: 1 });
  expect(told(wantedBy(fixture.catalog, 'eligible'))).toEqual([a]);
});

it('tells by collection and media type, narrowed by a second policy', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const prints = say.collectionId('prints');
  const songs = say.collectionId('songs');
  await fixture.say([
    say.deposit(a, { title: 'a' }, { collection: prints }),
    say.deposit(b, { title: 'b' }, { collection: songs, mediaType: 'audio/flac' }),
    say.deposit(c, { title: 'c' }, { collection: songs }),
  ]);
  expect(told(wantedBy(catalog, `collection:${songs}`))).toEqual([b, c]);
  expect(told(wantedBy(catalog, `collection:${songs}`, 'media:audio'))).toEqual([b]);
  expect(told(wantedBy(catalog, 'media:image/png'))).toEqual([a, c]);
  expect(told(wantedBy(catalog, 'none'))).toEqual([]);
});

it('knows who may read an asset: the newest word of the organisation that deposited it', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  const prints = say.collectionId('prints');
  const reader = '7'.repeat(32);
  await fixture.say([say.deposit(a, { title: 'a' }, { collection: prints })]);
  const organisation = ledger.self.organisation;
  const closed = { organisation, collection: prints, visibility: 'organisation', readers: [] };
  expect(catalog.access(a)).toMatchObject({ mediaType: 'image/png', deposits: [closed] });
  expect(catalog.access(b)).toBeUndefined();
  const name = say.naming('prints');
  const body = { ...name.statement.body, visibility: 'members', readers: [reader] };
  await fixture.say([name]);
  await fixture.say([{ ...name, statement: { ...name.statement, body } }]);
  expect(catalog.access(a)?.deposits).toEqual([
    { organisation, collection: prints, opens: true, visibility: 'members', readers: [reader] },
  ]);
  expect(catalog.collectionAccess(prints, 'f'.repeat(32)).visibility).toBe('organisation');
});

it('says of an asset that something asks not to give it out, until that is ended', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  await fixture.say([say.deposit(a, { title: 'a' }), say.deposit(b, { title: 'b' })]);
  expect(catalog.access(a)?.isStopped).toBe(false);
  const quarantine = createStatement('quarantine', { asset: a }, say.AT, BODIES.quarantine);
  const { entry } = ledger.append({ statements: [quarantine], records: [] });
  await catalog.catchUp();
  expect([a, b].map((asset) => catalog.access(asset)?.isStopped)).toEqual([true, false]);
  const body = { of: [`${entry}/0`], outcome: 'lifted' as const, record: null };
  const lifting = createStatement('resolution', { asset: a }, say.AT, body);
  ledger.append({ statements: [lifting], records: [] });
  await catalog.catchUp();
  expect(catalog.access(a)?.isStopped).toBe(false);
});

it('says of a rendition what asks not to give out the work that it was made from', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  await fixture.say([say.deposit(a, { title: 'a' }), say.deposit(b, { title: 'b' })]);
  const state = async (...statements: ReturnType<typeof createStatement>[]) => {
    const { entry } = ledger.append({ statements, records: [] });
    await catalog.catchUp();
    return `${entry}/0`;
  };
  const made = { ...BODIES.rendition, parent: a };
  await state(createStatement('rendition', { asset: b }, say.AT, made));
  expect(catalog.access(b)).toMatchObject({ status: 'deposited', isStopped: false });
  const taken = await state(createStatement('takedown', { asset: a }, say.AT, BODIES.takedown));
  expect(catalog.access(b)).toMatchObject({ status: 'deposited', isStopped: true });
  const lifted = { of: [taken], outcome: 'lifted' as const, record: null };
  await state(createStatement('resolution', { asset: a }, say.AT, lifted));
  expect(catalog.access(b)).toMatchObject({ status: 'deposited', isStopped: false });
  const consent = await state(createStatement('consent', { asset: a }, say.AT, BODIES.consent));
  const taking = { ...BODIES.withdrawal, consents: [consent] };
  await state(createStatement('withdrawal', { asset: a }, say.AT, taking));
  expect([a, b].map((asset) => catalog.access(asset)?.status)).toEqual(['withdrawn', 'withdrawn']);
});

describe('a rendition of a rendition', () => {
  const d = say.assetOf('d');

  /** `chain[0]` is the first master; each is a rendition of the one before. */
  async function chained(fixture: CatalogFixture, chain: readonly Cid[]) {
    await fixture.say(chain.map((asset) => say.deposit(asset, { title: 'x' })));
    for (const [at, parent] of chain.slice(0, -1).entries()) {
      await made(fixture, chain[at + 1] as Cid, parent);
    }
  }
  async function made(fixture: CatalogFixture, asset: Cid, parent: Cid) {
    await state(
      fixture,
      createStatement('rendition', { asset }, say.AT, { ...BODIES.rendition, parent }),
    );
  }
  async function state(
    { ledger, catalog }: CatalogFixture,
    statement: ReturnType<typeof createStatement>,
  ) {
    const { entry } = ledger.append({ statements: [statement], records: [] });
    await catalog.catchUp();
    return `${entry}/0`;
  }
  const access = ({ catalog }: CatalogFixture, asset: Cid) => {
    const { status, isStopped } = catalog.access(asset) ?? {};
    return { status, isStopped };
  };
  const FREE = { status: 'deposited', isStopped: false };

  it('is given to nobody while the first master is taken down or withdrawn', async () => {
    await using fixture = catalogFixture();
    await chained(fixture, [a, b, c, d]);
    expect([b, c, d].map((one) => access(fixture, one))).toEqual([FREE, FREE, FREE]);
    const takedown = createStatement('takedown', { asset: a }, say.AT, BODIES.takedown);
    const taken = await state(fixture, takedown);
    const stopped = { ...FREE, isStopped: true };
    expect([b, c, d].map((one) => access(fixture, one))).toEqual([stopped, stopped, stopped]);
    const lifted = { of: [taken], outcome: 'lifted' as const, record: null };
    await state(fixture, createStatement('resolution', { asset: a }, say.AT, lifted));
    expect([b, c, d].map((one) => access(fixture, one))).toEqual([FREE, FREE, FREE]);
    const consent = await state(
      fixture,
      createStatement('consent', { asset: a }, say.AT, BODIES.consent),
    );
    const taking = { ...BODIES.withdrawal, consents: [consent] };
    await state(fixture, createStatement('withdrawal', { asset: a }, say.AT, taking));
    const withdrawn = { ...FREE, status: 'withdrawn' };
    expect([b, c, d].map((one) => access(fixture, one))).toEqual([withdrawn, withdrawn, withdrawn]);
  });

  it('is so in whatever order it is said, and where works are called renditions of each other', async () => {
    await using fixture = catalogFixture();
    await fixture.say([a, b, c, d].map((asset) => say.deposit(asset, { title: 'x' })));
    const takedown = createStatement('quarantine', { asset: a }, say.AT, BODIES.quarantine);
    const taken = await state(fixture, takedown);
    await made(fixture, d, c);
    await made(fixture, c, d);
    await made(fixture, c, b);
    expect(access(fixture, d)).toEqual(FREE);
    await made(fixture, b, a);
    const stopped = { ...FREE, isStopped: true };
    expect([b, c, d].map((one) => access(fixture, one))).toEqual([stopped, stopped, stopped]);
    // Nobody frees them by calling the first master one of them too.
    await made(fixture, a, d);
    expect([b, c, d].map((one) => access(fixture, one))).toEqual([stopped, stopped, stopped]);
    const lifted = { of: [taken], outcome: 'lifted' as const, record: null };
    await state(fixture, createStatement('resolution', { asset: a }, say.AT, lifted));
    expect([a, b, c, d].map((one) => access(fixture, one))).toEqual([FREE, FREE, FREE, FREE]);
  });

  it('is given while its own renditions are not, and says the same in a catalog that is built anew', async () => {
    await using fixture = catalogFixture();
    await chained(fixture, [a, b, c, d]);
    await state(fixture, createStatement('takedown', { asset: c }, say.AT, BODIES.takedown));
    const told = [a, b, c, d].map((one) => access(fixture, one));
    expect(told.map(({ isStopped }) => isStopped)).toEqual([false, false, true, true]);
    await fixture.catalog.rebuild();
    expect([a, b, c, d].map((one) => access(fixture, one))).toEqual(told);
  });
});
