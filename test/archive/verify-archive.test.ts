import { join } from 'node:path';
import { expect, it } from 'vitest';
import { adoptEntries } from '../../src/archive/governing/members.ts';
import { verifyArchive } from '../../src/archive/verify-archive.ts';
import { ServedCars } from '../../src/content/cars/served-cars.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { openStore } from '../content/open-store.ts';
import { appendOf, depositOf } from '../support/deposits.ts';
import { fixedClock, seededBytes } from '../support/environs.ts';
import { signerOf } from '../support/keys.ts';
import {
  AT,
  makeEntry,
  openReplica,
  organisationOf,
  testArchive,
} from '../support/ledger-archive.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('misses the bytes of deposits that this home has made, not of those that it has adopted', async () => {
  using folder = temporaryFolder();
  const archive = testArchive('ana');
  const [ana, dan] = [signerOf('ana'), signerOf('dan')];
  const member = { id: dan.did, key: dan.did, organisation: organisationOf('dan') };
  const grant = createStatement('grant', null, AT, {
    ...{ ...member, role: 'archivist', replica: 'all', record: null },
  });
  const revoke = createStatement('revoke', null, AT, {
    ...{ id: dan.did, key: null, last: [], proposal: null },
  });
  const granted = makeEntry(archive, ana, [archive.founding], [grant], { inline: true });
  const revoked = makeEntry(archive, ana, [granted], [revoke], { inline: true });
  const deposited = makeEntry(archive, dan, [granted], [depositOf('drawing').statement]);
  await using ledger = await openReplica(archive, folder.path, 'ana');
  await using content = await openStore(folder.path);
  await using served = await ServedCars.open(join(folder.path, 'served'));
  await ledger.importEntries([granted, revoked, deposited]);
  const parts = { ledger, clock: fixedClock, randomBytes: seededBytes('adopting'), sha256 };
  await adoptEntries([deposited.hash], parts);
  const standing = [];
  for await (const arrival of ledger.arrivals(0)) standing.push(...arrival.standing);
  expect(standing.find(({ statement }) => statement.kind === 'deposit')).toBeDefined();
  expect(await verifyArchive({ content, served, ledger })).toMatchObject({
    ok: true,
    problems: [],
  });
  await ledger.append(appendOf('own'));
  const { problems } = await verifyArchive({ content, served, ledger });
  expect(problems).toMatchObject([{ code: 'block_missing' }]);
});
