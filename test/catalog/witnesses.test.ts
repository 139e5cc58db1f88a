import { expect, it } from 'vitest';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { type CatalogFixture, catalogFixture } from '../support/catalog-fixture.ts';
import { memberOf } from '../support/memory-ledger.ts';

const ELSEWHERE = memberOf(2, ['partner']).organisation;
const asset = say.assetOf(1);

/** Appends this home's checkpoint with a note of so many entries, cosigned on these days. */
async function checkpoint(
  { ledger, catalog }: CatalogFixture,
  tree: { readonly size: number; readonly name?: string; readonly days?: readonly number[] },
): Promise<void> {
  const { size, name = `tree of ${size}`, days = [] } = tree;
  const cosignatures = days.map((day) => ({ organisation: ELSEWHERE, note: `${day * 86_400}` }));
  const note = `${name}\n\nsigned`;
  const body = { size, root: '00'.repeat(32), note, cosignatures };
  ledger.append({ statements: [createStatement('checkpoint', null, say.AT, body)] });
  await catalog.catchUp();
}

function deposited({ catalog }: CatalogFixture) {
  const [deposit] = catalog.facts(asset)?.known.deposit ?? [];
  return { witnesses: deposit?.witnesses, since: deposit?.witnessedSince };
}

it('counts an organisation by its cosignature, since the first day it says', async () => {
  await using fixture = catalogFixture();
  await fixture.say([say.deposit(asset, { makers: ['Ada'] })]);
  await checkpoint(fixture, { size: fixture.ledger.size() });
  expect(deposited(fixture)).toEqual({ witnesses: [], since: undefined });
  await checkpoint(fixture, { size: fixture.ledger.size(), days: [20_000] });
  expect(deposited(fixture)).toEqual({ witnesses: [ELSEWHERE], since: '2024-10-04' });
  await checkpoint(fixture, { size: fixture.ledger.size(), days: [20_001, 19_999] });
  expect(deposited(fixture)).toEqual({ witnesses: [ELSEWHERE], since: '2024-10-03' });
});

it('counts a cosignature that is carried later for what its checkpoint covered, and no more', async () => {
  await using fixture = catalogFixture();
  const early = fixture.ledger.size();
  await checkpoint(fixture, { size: early, name: 'early' });
  await fixture.say([say.deposit(asset, { makers: ['Ada'] })]);
  const size = fixture.ledger.size();
  await checkpoint(fixture, { size, name: 'late' });
  await checkpoint(fixture, { size: early, name: 'early', days: [20_000] });
  expect(deposited(fixture).witnesses).toEqual([]);
  await checkpoint(fixture, { size, name: 'late', days: [20_000] });
  expect(deposited(fixture).witnesses).toEqual([ELSEWHERE]);
});

it('does not count a note of fewer entries than it would have to be about', async () => {
  await using fixture = catalogFixture();
  await fixture.say([say.deposit(asset, { makers: ['Ada'] })]);
  await checkpoint(fixture, { size: 0, days: [20_000] });
  expect(deposited(fixture).witnesses).toEqual([]);
});
