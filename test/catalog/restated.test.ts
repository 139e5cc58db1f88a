import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rebuildCatalog } from '../../src/catalog/file/rebuild-catalog.ts';
import { openCatalog } from '../../src/catalog/open-catalog.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { dumpTables } from '../support/catalog-dump.ts';
import { depositOf } from '../support/deposits.ts';
import { GovernanceModel } from '../support/governance-model.ts';
import { signerOf } from '../support/keys.ts';
import { AT, openReplica, organisationOf, testArchive } from '../support/ledger-archive.ts';
import { assetCid } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('lets go of what a revocation voids, takes back what is adopted, and equals a rebuilt catalog', async () => {
  using folder = temporaryFolder();
  const model = new GovernanceModel(testArchive('ana'));
  const [ana, dan] = [signerOf('ana'), signerOf('dan')];
  await using ledger = await openReplica(model.archive, folder.path, 'ana');
  const notices: string[] = [];
  const path = join(folder.path, 'catalog.db');
  await using catalog = openCatalog({ path, ledger, onNotice: (text) => notices.push(text) });
  const add = async (
    signer: typeof ana,
    over: number,
    statement: Parameters<typeof model.add>[2],
  ) => {
    const entry = model.add(signer, [over], statement);
    await ledger.importEntries([entry.made]);
    await catalog.catchUp();
    const beside = join(folder.path, 'beside.db');
    await rebuildCatalog({ path: beside, ledger });
    expect(dumpTables(path)).toEqual(dumpTables(beside));
    return entry;
  };
  const grant = await add(
    ana,
    0,
    createStatement('grant', null, AT, {
      ...{ id: dan.did, key: dan.did, organisation: organisationOf('dan'), role: 'archivist' },
      ...{ replica: 'all', record: null },
    }),
  );
  const deposit = await add(dan, grant.number, depositOf('a').statement);
  expect(catalog.has(assetCid('a'))).toBe(true);
  const revocation = createStatement('revoke', null, AT, {
    ...{ id: dan.did, key: null, last: [], proposal: null },
  });
  // ana has not seen the deposit.
  const revoke = await add(ana, grant.number, revocation);
  expect(catalog.has(assetCid('a'))).toBe(false);
  expect(notices).toEqual([expect.stringContaining('stand otherwise')]);
  await add(dan, grant.number, depositOf('b').statement);
  expect(catalog.has(assetCid('b'))).toBe(false);
  expect(notices).toHaveLength(1);
  const both = model.add(
    ana,
    [revoke.number, deposit.number],
    createStatement('adopt', null, AT, { entries: [deposit.made.hash] }),
  );
  await ledger.importEntries([both.made]);
  await catalog.catchUp();
  expect(catalog.has(assetCid('a'))).toBe(true);
  expect(catalog.facts(assetCid('a'))?.known.deposit?.[0]).toMatchObject({ author: ana.did });
});
