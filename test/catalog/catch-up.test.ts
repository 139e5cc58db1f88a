import { expect, it } from 'vitest';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { dumpTables } from '../support/catalog-dump.ts';
import { catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';
import { sha256 } from '../support/memory-ledger.ts';

it('stores a statement about a set once, whatever the number of members', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger, path } = fixture;
  const members = Array.from({ length: 5_000 }, (_, i) => say.assetOf(i));
  await fixture.say(
    members.slice(0, 500).flatMap((asset) => [say.findings(asset), say.deposit(asset, {})]),
  );
  const set = createSet(members, sha256);
  const custody = say.custodyBody(ledger.self.organisation);
  for (let times = 0; times < 2; times += 1) {
    ledger.append({
      statements: [createStatement('custody', { set: set.cid }, say.AT, custody)],
      documents: set.blocks,
    });
  }
  expect(await catalog.catchUp()).toBe(2);
  const { members: rows, statements, sets } = dumpTables(path);
  expect(rows).toHaveLength(5_000);
  expect(sets).toHaveLength(1);
  expect(statements).toHaveLength(1_002);
  expect(catalog.counts(ELIGIBLE).eligible).toBe(500);
  expect(await catalog.count({})).toBe(500);
  expect(catalog.facts(say.assetOf(4_000))?.known.custody).toHaveLength(2);
  // A member that is deposited later is in the set already.
  const late = say.assetOf(4_000);
  await fixture.say([say.findings(late), say.deposit(late, {})]);
  expect(catalog.counts(ELIGIBLE).eligible).toBe(501);
});

it('undoes the page in which it is stopped, and goes on from there', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  for (let entry = 0; entry < 30; entry += 1) {
    const assets = Array.from({ length: 500 }, (_, i) => say.assetOf(entry * 500 + i));
    ledger.append(say.saying(assets.map((asset) => say.deposit(asset, { title: `${entry}` }))));
  }
  const stop = new AbortController();
  const stopped = catalog.catchUp({ signal: stop.signal });
  const queued = catalog.catchUp();
  const isReached = (async () => {
    while ((await catalog.count({})) === 0) await new Promise(setImmediate);
    stop.abort();
  })();
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  await isReached;
  const left = await queued;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(30);
  expect(await catalog.count({})).toBe(15_000);
  expect(await catalog.catchUp()).toBe(0);
});

it('answers from what is committed while a long projection is under way, and stops it when closed', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  await fixture.say([say.deposit(say.assetOf(0), { title: 'first' })]);
  const members = Array.from({ length: 3_000 }, (_, i) => say.assetOf(i));
  const set = createSet(members, sha256);
  const body = { reason: 'x', secondApprover: null, confirms: null, record: null };
  ledger.append({
    statements: [createStatement('removal', { set: set.cid }, say.AT, body)],
    documents: set.blocks,
  });
  const running = catalog.catchUp();
  await new Promise(setImmediate);
  expect(catalog.asset(say.assetOf(0))?.status).toBe('deposited');
  expect(catalog.has(say.assetOf(1))).toBe(false);
  const closed = catalog[Symbol.asyncDispose]();
  await expect(running).rejects.toMatchObject({ code: 'aborted' });
  await closed;
});

it('tells a release once, however many statements its assets took', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  const assets = [1, 2].map(say.assetOf);
  const [release = say.assetOf('r'), other = say.assetOf('s')] = ['r', 's'].map(say.assetOf);
  const policy = ledger.policies()[0]?.cid ?? release;
  const { entry: state } = ledger.append(say.saying([say.naming('prints')]));
  const bodyOf = (cid: typeof release) => ({
    release: cid,
    policy,
    purpose: 'ai_training' as const,
    requester: 'anyone',
    state,
    at: say.AT,
    assets: 2,
    bytes: 40_000,
    manifest: 'ab'.repeat(32),
  });
  for (const [asset, cid] of [
    [assets[0], release],
    [assets[1], release],
    [assets[0], other],
  ] as const) {
    if (asset === undefined) continue;
    ledger.append({ statements: [createStatement('release', { asset }, say.AT, bodyOf(cid))] });
  }
  await catalog.catchUp();
  expect(catalog.releases().map(({ release: cid }) => cid)).toEqual([release, other]);
  const { manifest: _manifest, ...told } = bodyOf(release);
  expect(catalog.releases()[0]).toEqual(told);
});
