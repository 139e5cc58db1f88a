import { expect, it } from 'vitest';
import { rebuildCatalog } from '../../src/catalog/file/rebuild-catalog.ts';
import * as say from '../support/asset-statements.ts';
import { dumpTables } from '../support/catalog-dump.ts';
import { catalogFixture } from '../support/catalog-fixture.ts';

const asset = say.assetOf('portrait');

it('shows what a record says that arrives after its statement, as a rebuilt catalog does', async () => {
  await using fixture = catalogFixture();
  const { catalog, ledger, path } = fixture;
  const deposit = say.deposit(asset, { title: 'Portrait of Xanthippe', makers: ['Ada'] });
  const naming = say.naming('prints');
  const other = say.deposit(say.assetOf('other'), { title: 'Harbour' });
  await fixture.say([
    { statement: naming.statement, records: [] },
    { statement: deposit.statement, records: [] },
    other,
  ]);
  expect(catalog.asset(asset)).toMatchObject({ title: '', creators: [] });
  expect(catalog.collections()).toMatchObject([{ name: '' }]);
  for (const record of [...deposit.records, ...naming.records]) ledger.arriveLate(record);
  await catalog.catchUp();
  expect(catalog.asset(asset)).toMatchObject({ title: 'Portrait of Xanthippe', creators: ['Ada'] });
  expect(catalog.list({ text: 'xanthippe' }, { limit: 2 }).assets).toHaveLength(1);
  expect(catalog.list({ maker: 'ada' }, { limit: 2 }).assets).toHaveLength(1);
  expect(catalog.list({ text: 'harbour' }, { limit: 2 }).assets).toHaveLength(1);
  expect(catalog.collections()).toMatchObject([{ name: 'prints', assets: 2 }]);
  await catalog[Symbol.asyncDispose]();
  const shown = dumpTables(path);
  await rebuildCatalog({ path, ledger });
  expect(dumpTables(path)).toEqual(shown);
});
