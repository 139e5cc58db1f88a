import { expect, it } from 'vitest';
import { openHomeKey } from '../../src/ledger/keys/home-key.ts';
import { ledgerOn } from '../../src/ledger/open-ledger.ts';
import { MIGRATIONS } from '../../src/ledger/tables/schema.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import { appendOf } from '../support/deposits.ts';
import { testHome } from '../support/test-home.ts';

it('says disk_full and has done nothing when there is no room, and goes on when there is', async () => {
  using home = await testHome();
  const db = openDatabase(home.options.path, { migrations: MIGRATIONS });
  const pages = db.prepare<{ page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0;
  const signer = await openHomeKey(home.options.keyPath);
  await using ledger = ledgerOn(db, signer, home.options);
  const salt = ledger.salt('maker', 'Ada');
  db.exec(`PRAGMA max_page_count=${pages + 4}`);
  const large = appendOf(...Array.from({ length: 200 }, (_, i) => `asset ${i}`));
  const full = expect.objectContaining({ code: 'disk_full', retryable: true });
  await expect(ledger.append(large)).rejects.toThrow(full);
  await expect(ledger.append(large)).rejects.toThrow(full);
  expect(ledger.size()).toBe(1);
  for (const { cid } of large.records) expect(ledger.record(cid)).toBeUndefined();
  for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
  db.exec('PRAGMA max_page_count=100000');
  expect((await ledger.append(large)).arrival).toBe(1);
  expect(ledger.salt('maker', 'Ada')).toEqual(salt);
  for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
});
