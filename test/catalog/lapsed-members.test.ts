import { expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import type { BodyOf, KindName } from '../../src/core/statements/kinds.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { type CatalogFixture, catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';
import { sha256 } from '../support/memory-ledger.ts';
import { BODIES } from '../support/statement-bodies.ts';

/** Says something about a set of assets and returns its id. */
async function sayOf(
  assets: readonly Cid[],
  kind: KindName,
  body: object,
  { ledger, catalog }: CatalogFixture,
): Promise<string> {
  const { cid: set, blocks: documents } = createSet(assets, sha256);
  const statement = createStatement(
    kind as 'takedown',
    { set },
    say.AT,
    body as BodyOf<'takedown'>,
  );
  const { ids } = ledger.append({ statements: [statement], documents });
  await catalog.catchUp();
  return ids[0] ?? '';
}

async function record(release: Cid, members: readonly Cid[], fixture: CatalogFixture) {
  const [state = ''] = fixture.ledger.heads();
  const { purpose, requester } = ELIGIBLE;
  const body = {
    ...{ release, policy: BODIES.deposit.record, purpose, requester, state, at: say.AT },
    ...{ assets: 1, bytes: 1000, manifest: '0'.repeat(64) },
  };
  await sayOf(members, 'release', body, fixture);
}

const own = (assets: readonly Cid[], fixture: CatalogFixture) =>
  sayOf(assets, 'custody', say.custodyBody(fixture.ledger.self.organisation), fixture);

it('finds what a release may not hold among more members than are read in one go', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const release = say.assetOf('release');
  const members = Array.from({ length: 8200 }, (_, number) => say.assetOf(number));
  // The first, the last, and those where one page ends.
  const kept = [0, 1, 4095, 4096, 8191, 8199].map((place) => members[place] ?? release);
  for (const cid of kept) await fixture.say([say.findings(cid), say.deposit(cid, {})]);
  await own(kept, fixture);
  await record(release, members, fixture);
  const lapsed = await catalog.lapsed(release, ELIGIBLE);
  const left = new Set(lapsed.map(({ asset }) => asset));
  expect(lapsed).toHaveLength(members.length - kept.length);
  expect(members.filter((cid) => !left.has(cid))).toEqual(kept);
  expect(new Set(lapsed.map(({ reason }) => reason))).toEqual(new Set(['E_UNKNOWN']));
  // All of them change at once, those that are kept too, and one more for itself.
  const stop = await sayOf(members, 'takedown', BODIES.takedown, fixture);
  expect(await catalog.lapsed(release, ELIGIBLE)).toHaveLength(members.length);
  await sayOf(kept.slice(1), 'resolution', { ...BODIES.resolution, of: [stop] }, fixture);
  expect(await catalog.lapsed(release, ELIGIBLE)).toHaveLength(members.length - kept.length + 1);
});

it('tells at each moment and by each question what no release could take', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const [release, other] = [say.assetOf('release'), say.assetOf('other release')];
  const members = Array.from({ length: 6 }, (_, number) => say.assetOf(number));
  const [ada = release, ben = release, eve = release] = members;
  const foreign = say.assetOf('of the other release');
  for (const cid of [...members, foreign]) {
    const isConsented = cid === ada || cid === ben;
    const deposit = say.deposit(
      cid,
      { makers: ['Ada'] },
      { licence: isConsented ? null : 'CC-BY-4.0' },
    );
    await fixture.say([say.findings(cid), deposit]);
    if (!isConsented) continue;
    const until = cid === ada ? '2027-06-01T00:00:00Z' : '2027-09-01T00:00:00Z';
    const terms = { from: '2027-01-01T00:00:00Z', until };
    const body = say.consentBody(say.makersOf(deposit), terms);
    const statement = createStatement('consent', { asset: cid }, say.AT, body);
    await fixture.say([{ statement, records: [] }]);
  }
  await own([...members, foreign], fixture);
  await record(release, members, fixture);
  await record(other, [foreign, eve], fixture);

  /** By what is selected for a release, which looks at each of them anew. */
  async function check(lapsed: readonly Cid[], question: Partial<typeof ELIGIBLE> | object) {
    const asked = { ...ELIGIBLE, ...question };
    const told = await catalog.lapsed(release, asked);
    const taken = new Set([...catalog.candidates({}, asked)].map(({ cid }) => cid));
    const expected = members.filter((cid) => !taken.has(cid));
    expect(told.map(({ asset }) => asset).toSorted()).toEqual(expected.toSorted());
    expect(expected).toEqual(lapsed);
  }
  const spring = { at: '2027-03-01T00:00:00Z' };
  await check([], spring);
  await check([], spring);
  await check([ada], { at: '2027-06-01T00:00:00Z' });
  await check([ada], { at: '2027-08-31T23:59:59Z' });
  await check([ada, ben], { at: '2027-09-01T00:00:00Z' });
  await check([ada, ben], { at: '2026-12-01T00:00:00Z' });
  await check([], spring);
  await check(members, { ...spring, policy: 'gold' });
  const stop = await sayOf([eve], 'takedown', BODIES.takedown, fixture);
  await check([eve], spring);
  await check([ada, ben, eve], { at: '2030-01-01T00:00:00Z' });
  await sayOf([foreign], 'takedown', BODIES.takedown, fixture);
  await check([eve], spring);
  await sayOf([eve], 'resolution', { ...BODIES.resolution, of: [stop] }, fixture);
  await check([], spring);
  // The same release, recorded with more in it.
  await record(release, [foreign], fixture);
  const told = await catalog.lapsed(release, { ...ELIGIBLE, ...spring });
  expect(told.map(({ asset }) => asset)).toEqual([foreign]);
});
