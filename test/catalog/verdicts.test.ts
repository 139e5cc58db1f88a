import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { SCHEMA } from '../../src/catalog/file/schema.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { BodyOf, KindName } from '../../src/core/statements/kinds.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import * as say from '../support/asset-statements.ts';
import { type CatalogFixture, catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';
import { sha256 } from '../support/memory-ledger.ts';
import { BODIES } from '../support/statement-bodies.ts';

function about<K extends KindName>(asset: Cid, kind: K, body: BodyOf<K>): say.Said {
  return { statement: createStatement(kind, { asset }, say.AT, body), records: [] };
}

/** States custody over the assets, which makes deposits with a free licence eligible. */
async function hold(fixture: CatalogFixture, assets: readonly Cid[]): Promise<void> {
  const set = createSet(assets, sha256);
  const body = say.custodyBody(fixture.ledger.self.organisation);
  fixture.ledger.append({
    statements: [createStatement('custody', { set: set.cid }, say.AT, body)],
    documents: set.blocks,
  });
  await fixture.catalog.catchUp();
}

it('serves no verdict for a moment it was not made for', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const asset = say.assetOf(1);
  const deposit = say.deposit(asset, { makers: ['Ada'] }, { licence: null });
  const terms = { from: '2027-01-01T00:00:00Z', until: '2027-06-01T00:00:00Z' };
  await fixture.say([
    say.findings(asset),
    deposit,
    about(asset, 'consent', say.consentBody(say.makersOf(deposit), terms)),
  ]);
  await hold(fixture, [asset]);
  const eligibleAt = (at: string) => {
    const verdict = { ...ELIGIBLE, at };
    const listed = catalog.list({ verdict }, { limit: 2 }).assets.length;
    expect(catalog.counts(verdict).eligible).toBe(listed);
    expect([...catalog.candidates({}, verdict)]).toHaveLength(listed);
    const { purpose } = verdict;
    expect(catalog.eligibleFor(asset, verdict, [purpose])?.has(purpose)).toBe(listed === 1);
    return listed === 1;
  };
  // Forth and back in time: what was kept for one moment is no answer for another.
  const moments: readonly (readonly [string, boolean])[] = [
    ['2027-03-01T00:00:00Z', true],
    ['2026-12-31T23:59:59Z', false],
    ['2027-01-01T00:00:00Z', true],
    ['2027-05-31T23:59:59Z', true],
    ['2027-06-01T00:00:00Z', false],
    ['2027-02-01T00:00:00Z', true],
    ['2030-01-01T00:00:00Z', false],
  ];
  for (const [at, isEligible] of moments) expect(eligibleAt(at), at).toBe(isEligible);
  const [candidate] = catalog.candidates({}, { ...ELIGIBLE, at: '2027-03-01T00:00:00Z' });
  expect(candidate).toMatchObject({ validUntil: '2027-06-01T00:00:00Z', licence: '' });
  // The third statement of its entry.
  expect(candidate?.consents).toEqual([`${candidate?.deposit.slice(0, -1)}2`]);
});

it('streams what is eligible by CID, with all that a release says of it', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const assets = Array.from({ length: 2_500 }, (_, i) => say.assetOf(i));
  const work = say.itemId('a work');
  const dated = { dateText: 'c. 1890', earliest: '1885', latest: '1894' };
  // An earlier finding, and one that tells no size that a picture can have.
  const [first = say.assetOf(0), second = first] = assets.toSorted();
  await fixture.say([say.findings(first, { size: { width: 7, height: 7 } })]);
  for (let start = 0; start < assets.length; start += 500) {
    await fixture.say(
      assets
        .slice(start, start + 500)
        .flatMap((asset, i) => [
          say.findings(asset, { size: { width: 1 + start + i, height: 3 } }),
          say.deposit(asset, { title: `Number ${start + i}`, makers: ['Ada'], ...dated }, { work }),
        ]),
    );
  }
  await hold(fixture, assets.slice(0, 2_400));
  const found = [...catalog.candidates({}, ELIGIBLE)];
  expect(found.map(({ cid }) => cid)).toEqual(assets.slice(0, 2_400).sort());
  expect(found[0]).toMatchObject({
    size: 20_000,
    mediaType: 'image/png',
    makers: [{ id: expect.any(String), name: 'Ada' }],
    licence: 'CC-BY-4.0',
    source: 'npm:example@1.0.0',
    // No other organisation can name it.
    work: createHash('sha256')
      .update(`${fixture.ledger.self.organisation} ${work}`)
      .digest('hex')
      .slice(0, 32),
    level: 'H2',
    selfVetted: true,
    validUntil: null,
    ...{ width: 1 + assets.indexOf(first), height: 3, consents: [] },
    made: { text: 'c. 1890', earliest: '1885', latest: '1894' },
  });
  expect(Date.parse(found[0]?.deposited ?? '')).not.toBeNaN();
  await fixture.say([say.findings(second, { size: { width: -1, height: 0.5 } })]);
  const [, again] = catalog.candidates({}, ELIGIBLE);
  expect(again).toMatchObject({ cid: second, width: 0, height: 0 });
  // 1, 10 to 19, 100 to 199, 1000 to 1999.
  expect([...catalog.candidates({ text: 'number 1*' }, ELIGIBLE)]).toHaveLength(1_111);
  expect([...catalog.candidates({}, { ...ELIGIBLE, policy: 'gold' })]).toEqual([]);
});

it('streams the candidates of one moment, whatever is projected meanwhile', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const assets = Array.from({ length: 1_500 }, (_, i) => say.assetOf(i)).sort();
  await fixture.say(assets.slice(0, 750).map((asset) => say.deposit(asset, {})));
  await fixture.say(assets.slice(750).map((asset) => say.deposit(asset, {})));
  await fixture.say(assets.slice(0, 750).map((asset) => say.findings(asset)));
  await fixture.say(assets.slice(750).map((asset) => say.findings(asset)));
  await hold(fixture, assets);
  const [last] = assets.slice(-1);
  const seen: Cid[] = [];
  for (const { cid } of catalog.candidates({}, ELIGIBLE)) {
    seen.push(cid);
    if (seen.length !== 10 || last === undefined) continue;
    const body = { reason: 'x', by: 'member', against: [], record: null } as const;
    await fixture.say([about(last, 'dispute', { ...body, against: [] })]);
  }
  expect(seen).toEqual(assets);
  expect([...catalog.candidates({}, ELIGIBLE)].map(({ cid }) => cid)).toEqual(assets.slice(0, -1));
});

it('counts on which rule assets fail first, and refuses a policy that is not in force', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const [free, unfree, open, disputed] = [1, 2, 3, 4].map(say.assetOf);
  if (!free || !unfree || !open || !disputed) throw new Error('four assets are made');
  await fixture.say([
    ...[free, unfree, open, disputed].map((asset) => say.findings(asset)),
    say.deposit(free, {}),
    say.deposit(unfree, {}, { licence: 'CC-BY-NC-4.0' }),
    say.deposit(open, {}),
    say.deposit(disputed, {}),
    about(disputed, 'dispute', { reason: 'x', by: 'member', against: [], record: null }),
  ]);
  await hold(fixture, [free, unfree, disputed]);
  expect(catalog.counts(ELIGIBLE)).toEqual({
    eligible: 1,
    hold: 1,
    ineligible: 2,
    headlines: [
      { gate: 'Uncontested', rule: 'R3', code: 'H_DISPUTE', assets: 1 },
      { gate: 'Allowed', rule: 'R4', code: 'E_NO_GRANT', assets: 1 },
      { gate: 'Evidence', rule: 'R7', code: 'E_ORIGIN_UNKNOWN', assets: 1 },
    ].sort((a, b) => (a.code < b.code ? -1 : 1)),
  });
  for (const policy of ['', 'unknown', 'CORROBORATED']) {
    expect(() => catalog.counts({ ...ELIGIBLE, policy })).toThrow(
      expect.objectContaining({ code: 'policy_unknown' }),
    );
  }
});

it('decides anew for descendants when a parent turns out to be generated, in whatever order', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const [parent, child, grandchild] = [1, 2, 3].map(say.assetOf);
  if (!parent || !child || !grandchild) throw new Error('three assets are made');
  const derived = (asset: Cid, from: Cid) =>
    about(asset, 'derivation', { parent: from, relation: 'derived-from', action: null });
  await fixture.say([
    ...[child, grandchild].flatMap((asset) => [say.findings(asset), say.deposit(asset, {})]),
    derived(grandchild, child),
    derived(child, parent),
  ]);
  await hold(fixture, [child, grandchild]);
  const eligible = () => catalog.counts(ELIGIBLE).eligible;
  expect(catalog.has(parent)).toBe(false);
  // A parent that nothing is known of passes on that nothing is known.
  expect(eligible()).toBe(0);
  await fixture.say([say.findings(parent), say.deposit(parent, {})]);
  await hold(fixture, [parent]);
  expect(eligible()).toBe(3);
  await fixture.say([say.findings(parent, { generator: 'example' })]);
  expect(eligible()).toBe(0);
  expect(catalog.counts(ELIGIBLE).headlines).toEqual(
    expect.arrayContaining([expect.objectContaining({ code: 'E_TAINT', assets: 2 })]),
  );
  expect(catalog.abstraction(grandchild)?.paths).toEqual([[child, parent]]);
});

it('decides renditions anew when anything is said of the work they were made from', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const [master, child, other] = [1, 2, 3].map(say.assetOf);
  if (!master || !child || !other) throw new Error('three assets are made');
  const recipe = { recipe: 'jpeg-2048', tool: 'sharp', version: '1', parameters: {} };
  const made = (asset: Cid, parent: Cid) => about(asset, 'rendition', { parent, ...recipe });
  await fixture.say([
    ...[child, other].flatMap((asset) => [say.findings(asset), say.deposit(asset, {})]),
    made(child, master),
  ]);
  await hold(fixture, [child, other]);
  const eligible = () => catalog.counts(ELIGIBLE).eligible;
  expect(eligible()).toBe(1);
  await fixture.say([say.findings(master), say.deposit(master, {})]);
  await hold(fixture, [master]);
  expect(eligible()).toBe(3);
  await fixture.say([about(master, 'takedown', BODIES.takedown)]);
  expect(eligible()).toBe(1);
  await fixture.say([made(other, child), made(child, other)]);
  expect(eligible()).toBe(0);
});

it('makes an asset ineligible of which a newer program has said something', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger } = fixture;
  const assets = [1, 2].map(say.assetOf);
  await fixture.say(assets.flatMap((asset) => [say.findings(asset), say.deposit(asset, {})]));
  await hold(fixture, assets);
  expect(catalog.counts(ELIGIBLE).eligible).toBe(2);
  const set = createSet(assets.slice(0, 1), sha256);
  ledger.append({
    statements: [{ kind: 'prophecy', v: 1, about: { set: set.cid }, at: say.AT, body: {} }],
    documents: set.blocks,
  });
  await catalog.catchUp();
  expect(catalog.counts(ELIGIBLE)).toMatchObject({
    eligible: 1,
    headlines: [{ rule: 'R0', code: 'E_UNKNOWN', assets: 1 }],
  });
});

it('reads no words of what is left out, unless the filter asks for some', async () => {
  await using fixture = catalogFixture();
  const { catalog, path } = fixture;
  await fixture.say([say.findings(say.assetOf(1)), say.deposit(say.assetOf(1), {})]);
  using file = openDatabase(path, { migrations: [SCHEMA] });
  file.exec("UPDATE deposits SET record = 'no record at all'");
  expect([...catalog.leftOut({ bytes: { least: 1, most: 20_000 } }, ELIGIBLE)]).toHaveLength(1);
  expect(() => [...catalog.leftOut({ tags: ['portrait'] }, ELIGIBLE)]).toThrow(
    expect.objectContaining({ code: 'home_corrupt' }),
  );
});
