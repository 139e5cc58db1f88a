import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { alone, appendAll } from '/work/wt/typed/src/archive/append-all.ts';
import { ClaimSets } from '/work/wt/typed/src/archive/claim-sets.ts';
import { foundArchive } from '/work/wt/typed/src/compose/found-archive.ts';
import { openArchive } from '/work/wt/typed/src/compose/open-archive.ts';
import { depositRows, makeRows } from '/work/wt/typed/test/support/catalogue-rows.ts';
process.env.RINGFENCE_CORPUS='/work/shared/corpus';
const folder='/tmp/typed-100k'; mkdirSync(folder);
const catalogue = makeRows(folder, 100_000);
const home = join(folder, 'home');
await foundArchive(home, { name: 'N', institution: 'N' });
await using archive = await openArchive(home);
const { ledger, catalog } = archive;
const claims = new ClaimSets();
let n=0;
for await (const { cid, row } of depositRows(catalogue, archive, undefined)) {
  claims.addDeclaration(cid, row); claims.addCustody(cid, row); if(++n%10000===0) console.log(n);
}
await appendAll(ledger, alone([...claims.sayings(archive)]));
await catalog.catchUp();
console.log('done', await catalog.count({}));
