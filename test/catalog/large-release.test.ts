import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import type { BodyOf, KindName } from '../../src/core/statements/kinds.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { type CatalogFixture, catalogFixture } from '../support/catalog-fixture.ts';
import { sha256 } from '../support/memory-ledger.ts';
import { BODIES } from '../support/statement-bodies.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** More than are looked at while somebody waits. */
const members = Array.from({ length: 5_000 }, (_, number) => say.assetOf(number));
const release = say.assetOf('release');
let fixture: CatalogFixture;

afterAll(() => fixture[Symbol.asyncDispose]());
beforeAll(async () => {
  fixture = catalogFixture();
  const deposits = members.map((cid) => say.deposit(cid, {}));
  await fixture.say([say.naming('prints', 'public')]);
  for (let at = 0; at < deposits.length; at += 1000) {
    await fixture.say(deposits.slice(at, at + 1000));
  }
  const { ledger, catalog } = fixture;
  const [state = ''] = ledger.heads();
  const { cid: set, blocks: documents } = createSet(members, sha256);
  const body = {
    ...{ release, policy: BODIES.deposit.record, purpose: 'ai_generative_training' },
    ...{ requester: 'anyone', state, at: say.AT, assets: members.length, bytes: 1000 },
    manifest: '0'.repeat(64),
  } as BodyOf<'release'>;
  ledger.append({ statements: [createStatement('release', { set }, say.AT, body)], documents });
  await catalog.catchUp();
});

const isPublic = () => fixture.catalog.isPublicRelease(release);
const isOpen = () => fixture.catalog.isOpenRelease(release);
const isUnderReview = () => fixture.catalog.isReleaseUnderReview(release);

/** Says something about one asset, or a set of them, and returns its id. */
async function state(kind: KindName, about: Cid | readonly Cid[], body: object = {}) {
  const { ledger, catalog } = fixture;
  const set = typeof about === 'string' ? undefined : createSet(about, sha256);
  const subject = set === undefined ? { asset: about as Cid } : { set: set.cid };
  const words = { ...BODIES[kind as 'takedown'], ...body };
  const { ids } = ledger.append({
    statements: [createStatement(kind as 'takedown', subject, say.AT, words)],
    ...(set === undefined ? {} : { documents: set.blocks }),
  });
  await catalog.catchUp();
  return ids[0] ?? '';
}

it('is given to nobody before all of it has been looked at, and then to anybody', async () => {
  expect([isPublic(), isOpen(), isUnderReview()]).toEqual([false, false, false]);
  await expect.poll(isPublic, { timeout: 30_000, interval: 5 }).toBe(true);
  expect(isOpen()).toBe(true);
});

it('is refused in the moment in which one of its works is stopped, and given when that ends', async () => {
  const stop = await state('takedown', members[4_321] ?? release);
  expect([isPublic(), isOpen(), isUnderReview()]).toEqual([false, true, false]);
  await state('takedown', say.assetOf('of no release'));
  expect([isPublic(), isOpen()]).toEqual([false, true]);
  await state('resolution', members[4_321] ?? release, { of: [stop] });
  // Only what changed was looked at: nobody waits.
  expect([isPublic(), isOpen()]).toEqual([true, true]);
});

it('is looked at anew where very much of it changed', async () => {
  const stop = await state('takedown', members.slice(0, 3_000));
  // Whoever reads it is to come back: it was not closed.
  expect([isPublic(), isOpen(), isUnderReview()]).toEqual([false, false, true]);
  await expect.poll(isOpen, { timeout: 30_000, interval: 5 }).toBe(true);
  expect([isPublic(), isUnderReview()]).toEqual([false, false]);
  await state('resolution', members.slice(0, 3_000), { of: [stop] });
  expect(isPublic()).toBe(false);
  await expect.poll(isPublic, { timeout: 30_000, interval: 5 }).toBe(true);
});

it('is refused as soon as its collection is not public any more', async () => {
  await fixture.say([say.naming('prints', 'organisation')]);
  expect([isPublic(), isOpen()]).toEqual([false, false]);
  await fixture.say([say.naming('prints', 'public')]);
  await expect.poll(isPublic, { timeout: 30_000, interval: 5 }).toBe(true);
});

it('is looked at no more because of what is said of collections in which none of it lies', async () => {
  await fixture.say([say.naming('maps', 'public')]);
  expect([isPublic(), isOpen()]).toEqual([true, true]);
  await fixture.say([say.naming('maps', 'organisation')]);
  expect([isPublic(), isOpen()]).toEqual([true, true]);
});

it('is not looked at anew because a record comes late', async () => {
  const { ledger, catalog } = fixture;
  const { statement, records } = say.deposit(members[17] ?? release, { title: 'late' });
  ledger.append({ statements: [statement], records: [] });
  await catalog.catchUp();
  expect([isPublic(), isOpen()]).toEqual([true, true]);
  for (const record of records) ledger.arriveLate(record);
  await catalog.catchUp();
  expect([isPublic(), isOpen()]).toEqual([true, true]);
});

it('is refused where its collection was public only while it was looked at', async () => {
  await fixture.say([say.naming('prints', 'organisation')]);
  expect(isPublic()).toBe(false);
  await fixture.say([say.naming('prints', 'public')]);
  expect(isPublic()).toBe(false);
  await fixture.say([say.naming('prints', 'organisation')]);
  expect(isPublic()).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(isPublic()).toBe(false);
  await fixture.say([say.naming('prints', 'public')]);
  await expect.poll(isPublic, { timeout: 30_000, interval: 5 }).toBe(true);
});

it('is refused while it says that it holds more than its sets', async () => {
  const { ledger, catalog } = fixture;
  const other = say.assetOf('another release');
  const [state = ''] = ledger.heads();
  const { cid: set } = createSet(members, sha256);
  const body = {
    ...{ release: other, policy: BODIES.deposit.record, purpose: 'ai_generative_training' },
    ...{ requester: 'anyone', state, at: say.AT, assets: members.length + 1, bytes: 1000 },
    manifest: '0'.repeat(64),
  } as BodyOf<'release'>;
  ledger.append({ statements: [createStatement('release', { set }, say.AT, body)] });
  await catalog.catchUp();
  expect(catalog.isPublicRelease(other)).toBe(false);
  // The other one is looked at from its beginning meanwhile, and done later.
  await fixture.say([say.naming('prints', 'public')]);
  catalog.isPublicRelease(other);
  await expect.poll(isPublic, { timeout: 30_000, interval: 5 }).toBe(true);
  expect(catalog.isPublicRelease(other)).toBe(false);
});
