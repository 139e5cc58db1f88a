import { alone, appendAll } from '../../../src/archive/append-all.ts';
import { ClaimSets } from '../../../src/archive/taking/claim-sets.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openArchive } from '../../../src/compose/open-archive.ts';
import { depositRows, makeRows } from '../../../test/support/catalogue-rows.ts';

/** Founds an archive with so many made-up drawings, declared and in custody, whose bytes are nowhere. */
export async function fillHome(folder: string, home: string, assets: number): Promise<void> {
  const catalogue = makeRows(folder, assets);
  await foundArchive(home, { name: 'Print Room', institution: 'City Museum' });
  await using archive = await openArchive(home);
  const claims = new ClaimSets();
  for await (const { cid, row } of depositRows(catalogue, archive, undefined)) {
    claims.addDeclaration(cid, row);
    claims.addCustody(cid, row);
  }
  await appendAll(archive.ledger, alone([...claims.sayings(archive)]));
  await archive.catalog.catchUp();
}
