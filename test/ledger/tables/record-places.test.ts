import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Cid, CODEC, cidFromDigest, cidToBytes } from '../../../src/core/cid.ts';
import { Ancestry } from '../../../src/ledger/ruling/ancestry.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { LedgerStore } from '../../../src/ledger/tables/ledger-store.ts';
import { SEGMENT } from '../../../src/ledger/tables/record-places.ts';
import { MIGRATIONS } from '../../../src/ledger/tables/schema.ts';
import { verifyRecordPlaces } from '../../../src/ledger/verifying/verify-blocks.ts';
import { EntryWriter } from '../../../src/ledger/writing/write-entry.ts';
import { openDatabase } from '../../../src/sqlite/open-database.ts';
import { transaction } from '../../../src/sqlite/transaction.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const cidOf = (i: number) => cidFromDigest(CODEC.dagCbor, sha256(Buffer.from(`record ${i}`)));

/** A database with `count` records whose bytes are their numbers. */
function storeWith(folder: string, count: number) {
  const db = openDatabase(join(folder, 'ledger.db'), { migrations: MIGRATIONS });
  const store = new LedgerStore(db);
  add(store, 0, count);
  return store;
}

function add(store: LedgerStore, from: number, to: number): void {
  const writer = new EntryWriter(store, new Ancestry(store));
  const records = new Map<Cid, Uint8Array>();
  for (let i = from; i < to; i++) records.set(cidOf(i), Buffer.from(`${i}`));
  transaction(store.db, () => writer.records(records));
}

const found = (store: LedgerStore, i: number) =>
  Buffer.from(store.records.get(cidOf(i)) ?? []).toString();

async function problemsOf(store: LedgerStore): Promise<string[]> {
  const problems: string[] = [];
  for await (const problem of verifyRecordPlaces(store)) problems.push(problem.subject);
  return problems;
}

it('finds every record, in full segments and after them, and none that is not there', async () => {
  using folder = temporaryFolder();
  const count = 2 * SEGMENT + 100;
  using db = storeWith(folder.path, count).db;
  const store = new LedgerStore(db);
  for (let i = 0; i < count; i += 7) expect(found(store, i)).toBe(`${i}`);
  for (let i = count - 1; i >= 0; i -= 997) expect(found(store, i)).toBe(`${i}`);
  for (let i = count; i < count + 50; i++) expect(store.records.has(cidOf(i))).toBe(false);
  expect(await problemsOf(store)).toEqual([]);
});

it('gives many records at once, in the order asked for, as it gives each', async () => {
  using folder = temporaryFolder();
  const count = SEGMENT + 200;
  using db = storeWith(folder.path, count).db;
  const store = new LedgerStore(db);
  const asked = [
    ...Array.from({ length: 150 }, (_, i) => i),
    ...[SEGMENT - 1, SEGMENT, SEGMENT + 2, 7, count, 9, 8, count + 1, 3, count - 1, 0, 1, 5],
    ...Array.from({ length: 150 }, (_, i) => SEGMENT - 75 + i).filter((i) => i % 9 !== 0),
  ];
  for (const numbers of [asked, asked.toReversed(), [4], []]) {
    const given = [...store.records.each(numbers.map(cidOf))];
    const expected = numbers.filter((i) => i < count);
    expect(given.map(({ cid }) => cid)).toEqual(expected.map(cidOf));
    expect(given.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(expected.map(String));
  }
});

it('finds what was added after the last search, by itself or by another process', async () => {
  using folder = temporaryFolder();
  const store = storeWith(folder.path, SEGMENT - 3);
  using db = store.db;
  using reading = openDatabase(db.path, { migrations: MIGRATIONS });
  const other = new LedgerStore(reading);
  for (const one of [store, other]) expect(found(one, SEGMENT - 4)).toBe(`${SEGMENT - 4}`);
  add(store, SEGMENT - 3, SEGMENT + 3);
  for (const one of [store, other]) {
    for (let i = SEGMENT - 6; i < SEGMENT + 3; i++) expect(found(one, i)).toBe(`${i}`);
    expect(found(one, 0)).toBe('0');
  }
  expect(await problemsOf(other)).toEqual([]);
});

it('forgets what was undone', () => {
  using folder = temporaryFolder();
  const store = storeWith(folder.path, 10);
  using _db = store.db;
  expect(found(store, 9)).toBe('9');
  const insert = store.db.prepare('INSERT INTO records (cid, bytes) VALUES (?, ?)');
  expect(() =>
    transaction(store.db, () => {
      insert.run(cidToBytes(cidOf(10)), Buffer.from('10'));
      throw new Error('undone');
    }),
  ).toThrow('undone');
  expect(store.records.has(cidOf(10))).toBe(false);
  add(store, 11, 12);
  expect(found(store, 11)).toBe('11');
});

it('notices places that are not as they were noted', async () => {
  using folder = temporaryFolder();
  const store = storeWith(folder.path, SEGMENT);
  using db = store.db;
  db.exec("UPDATE record_places SET places = x'00' WHERE bucket = 17");
  db.exec('DELETE FROM record_places WHERE bucket = 200');
  expect(await problemsOf(store)).toEqual(['places of records 0/17', 'places of records 0/200']);
});
