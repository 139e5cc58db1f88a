import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rotateKey } from '../../../src/archive/governing/members.ts';
import { setCollection } from '../../../src/archive/governing/set-collection.ts';
import { examine } from '../../../src/archive/inspecting/examine.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { makeNextKey, useNextKey } from '../../../src/compose/keys/next-key.ts';
import { openArchive } from '../../../src/compose/open-archive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('changes a home to a key of its own making, under which the member goes on', async () => {
  using folder = temporaryFolder();
  const home = join(folder.path, 'home');
  await foundArchive(home, { name: 'Prints' });
  await expect(useNextKey(home)).rejects.toMatchObject({ code: 'not_found' });
  const next = await makeNextKey(home);
  expect(await makeNextKey(home)).toBe(next);
  let first = '';
  {
    await using archive = await openArchive(home);
    const { ledger } = archive;
    first = ledger.self.did;
    await ledger.checkpoint({ force: true });
    await expect(useNextKey(home)).rejects.toMatchObject({ code: 'home_locked' });
    await rotateKey({ old: ledger.self.did, key: next }, archive);
    expect((await examine(archive)).findings).toMatchObject([{ kind: 'no-member' }]);
  }
  expect(await useNextKey(home)).toMatchObject({ old: first, did: next });
  expect(existsSync(join(home, 'next-key.pem'))).toBe(false);
  await using archive = await openArchive(home);
  const { ledger } = archive;
  expect(ledger.memberOf(next)).toMatchObject({ id: first, keys: [next], roles: ['steward'] });
  await setCollection({ name: 'prints', visibility: 'members', readers: [] }, archive);
  const { checkpoint } = await ledger.checkpoint();
  expect(checkpoint.note).toContain(next);
  expect((await examine(archive)).findings).toEqual([]);
  const problems = [];
  for await (const problem of ledger.verify()) problems.push(problem);
  expect(problems).toEqual([]);
});
