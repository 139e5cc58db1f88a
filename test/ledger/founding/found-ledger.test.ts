import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeCharter } from '../../../src/core/entries/charter.ts';
import { foundLedger } from '../../../src/ledger/founding/found-ledger.ts';
import { createHomeKey } from '../../../src/ledger/keys/home-key.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { MIGRATIONS } from '../../../src/ledger/tables/schema.ts';
import { openDatabase } from '../../../src/sqlite/open-database.ts';
import { appendOf } from '../../support/deposits.ts';
import { fixedClock, seededBytes } from '../../support/environs.ts';
import { pemOf, signerOf } from '../../support/keys.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function homeIn(folder: string) {
  return {
    path: join(folder, 'home', 'ledger.db'),
    keyPath: join(folder, 'home', 'keys', 'home.pem'),
    clock: fixedClock,
    randomBytes: seededBytes('home'),
  };
}

it('founds an archive whose charter says what the founder said', async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  const terms = { name: 'Prints', institution: 'Museum', publicAllowed: false, controller: 'M' };
  const founded = await foundLedger({ ...home, ...terms });
  await using ledger = await openLedger(home);
  expect(ledger.address).toBe(founded.address);
  expect(ledger.self).toEqual({ did: founded.did, organisation: founded.organisation });
  expect(ledger.charter).toMatchObject({
    name: 'Prints',
    quorum: 1,
    publicAllowed: false,
    controller: 'M',
    stewards: [{ id: founded.did, key: founded.did, organisation: founded.organisation }],
  });
  expect(decodeCharter(ledger.block(ledger.charterCid) ?? new Uint8Array())).toEqual(
    ledger.charter,
  );
  const [institution] = ledger.institutions();
  expect(institution).toEqual({ id: founded.organisation, name: 'Museum', selfVetted: true });
});

it('vets nobody where no institution is named, and allows collections for everybody', async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  await foundLedger({ ...home, name: 'Prints' });
  await using ledger = await openLedger(home);
  expect(ledger.institutions()).toEqual([]);
  expect(ledger.charter).toMatchObject({ publicAllowed: true, controller: '' });
});

it('gives two archives of the same terms two addresses', async () => {
  using one = temporaryFolder();
  using two = temporaryFolder();
  const first = await foundLedger({ ...homeIn(one.path), name: 'Prints' });
  const other = { ...homeIn(two.path), randomBytes: seededBytes('other') };
  const second = await foundLedger({ ...other, name: 'Prints' });
  expect(first.address).not.toBe(second.address);
  expect(first.organisation).not.toBe(second.organisation);
});

it('uses the key that an earlier try has left', async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  const { did } = await createHomeKey(home.keyPath);
  openDatabase(home.path, { migrations: MIGRATIONS }).close();
  expect((await foundLedger({ ...home, name: 'Prints' })).did).toBe(did);
});

it('does not found a second archive in a home, and leaves the first as it is', async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  const { address } = await foundLedger({ ...home, name: 'Prints' });
  await expect(foundLedger({ ...home, name: 'Maps' })).rejects.toThrow(
    expect.objectContaining({ code: 'home_exists' }),
  );
  await using ledger = await openLedger(home);
  expect(ledger).toMatchObject({ address, charter: { name: 'Prints' } });
});

it('founds nothing under a name that no charter can hold', async () => {
  using folder = temporaryFolder();
  const home = homeIn(folder.path);
  for (const name of ['', 'x'.repeat(257)]) {
    await expect(foundLedger({ ...home, name })).rejects.toThrow(
      expect.objectContaining({ code: 'input_invalid' }),
    );
  }
  await expect(openLedger(home)).rejects.toThrow(expect.objectContaining({ code: 'home_missing' }));
});

describe('openLedger', () => {
  it('says home_missing where nothing was founded, and makes no file', async () => {
    using folder = temporaryFolder();
    const home = homeIn(folder.path);
    await expect(openLedger(home)).rejects.toThrow(
      expect.objectContaining({ code: 'home_missing' }),
    );
    expect(existsSync(home.path)).toBe(false);
  });

  it('does not open a home of a newer version', async () => {
    using folder = temporaryFolder();
    const home = homeIn(folder.path);
    await foundLedger({ ...home, name: 'Prints' });
    openDatabase(home.path, { migrations: [...MIGRATIONS, 'SELECT 1'] }).close();
    await expect(openLedger(home)).rejects.toThrow(expect.objectContaining({ code: 'home_newer' }));
  });

  it('reads and does not write in a home whose key is no member', async () => {
    using folder = temporaryFolder();
    const home = homeIn(folder.path);
    await foundLedger({ ...home, name: 'Prints' });
    writeFileSync(home.keyPath, pemOf('eve'), { mode: 0o600 });
    await using ledger = await openLedger(home);
    expect(ledger.self).toEqual({ did: signerOf('eve').did, organisation: '' });
    expect(ledger.size()).toBe(1);
    await expect(ledger.append(appendOf('a'))).rejects.toThrow(
      expect.objectContaining({ code: 'member_missing' }),
    );
  });

  it('does not append what was prepared on a log that another process has gone on with', async () => {
    using folder = temporaryFolder();
    const home = homeIn(folder.path);
    await foundLedger({ ...home, name: 'Prints' });
    await using one = await openLedger(home);
    await using other = await openLedger({ ...home, randomBytes: seededBytes('b') });
    const answers = await Promise.allSettled([
      one.append(appendOf('a')),
      other.append(appendOf('b')),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(answers.find((answer) => answer.status === 'rejected')?.reason).toMatchObject({
      code: 'home_locked',
      retryable: true,
    });
    expect(one.size()).toBe(2);
    expect((await one.append(appendOf('c'))).arrival).toBe(2);
    expect((await other.append(appendOf('d'))).arrival).toBe(3);
  });
});
