import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import { encodeRecord } from '../../src/core/statements/record.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { AT, appendOf, depositOf, noteOf } from '../support/deposits.ts';
import { fixedClock, seededBytes } from '../support/environs.ts';
import { signerOf } from '../support/keys.ts';
import {
  type MadeEntry,
  makeEntry,
  openReplica,
  organisationOf,
  testArchive,
} from '../support/ledger-archive.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const EVER = Number.MAX_SAFE_INTEGER;

const archive = testArchive('ana');
const [ana, ben, cyd] = [signerOf('ana'), signerOf('ben'), signerOf('cyd')];
const grants = [grantOf('ben', archive.founding)];
grants.push(grantOf('cyd', grants[0] ?? archive.founding));
const granted = grants[1] ?? archive.founding;

function grantOf(name: string, over: MadeEntry): MadeEntry {
  const { did } = signerOf(name);
  const organisation = organisationOf(name);
  const member = { id: did, key: did, organisation, role: 'archivist' } as const;
  const grant = createStatement('grant', null, AT, { ...member, replica: 'all', record: null });
  return makeEntry(archive, ana, [over], [grant], { inline: true });
}

function erasureOf(...records: readonly Cid[]) {
  return createStatement('erasure', null, AT, { ...BODIES.erasure, records: [...records].sort() });
}

/** A deposit as an entry of Ben's, with its record. */
function depositBy(name: string, over: MadeEntry, by = ben): MadeEntry {
  const { statement, record } = depositOf(name);
  return { ...makeEntry(archive, by, [over], [statement]), records: [record] };
}

async function withMembers(folder: string, name: string): Promise<SqliteLedger> {
  const ledger = await openReplica(archive, folder, name);
  await ledger.importEntries(grants);
  return ledger;
}

async function problemsOf(ledger: SqliteLedger): Promise<unknown[]> {
  const problems = [];
  for await (const problem of ledger.verify()) problems.push(problem);
  return problems;
}

/** Every byte of every file in the folder, as it lies on the disk now. */
function bytesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

const UNTITLED = {
  type: 'deposit',
  title: '',
  filename: '',
  dateText: '',
  earliest: '',
  latest: '',
  source: '',
  language: 'en',
  catalogue: '',
} as const;

const kept = depositOf('kept').record.cid;
const gone = depositOf('gone').record.cid;

it('hides a record at once and deletes its bytes when its time has come', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  await ledger.append(appendOf('kept', 'gone'));
  const { ids } = await ledger.append({
    statements: [erasureOf(gone)],
    records: [],
    documents: [],
  });
  expect(ledger.record(gone)).toBeUndefined();
  expect(ledger.record(kept)).toMatchObject({ title: 'kept' });
  const due = fixedClock() + 7 * 86_400_000;
  const progress = { id: ids[0], hidden: 1, deleted: 0, absent: 0, void: 0, due };
  expect(ledger.erasures()).toEqual([progress]);
  expect(await ledger.deleteErased(fixedClock() - 1)).toBe(0);
  expect(bytesIn(folder.path)).toContain('Maker of gone');
  expect(await problemsOf(ledger)).toEqual([]);
  expect(await ledger.deleteErased(fixedClock())).toBe(1);
  expect(bytesIn(folder.path)).not.toContain('Maker of gone');
  expect(bytesIn(folder.path)).toContain('Maker of kept');
  expect(ledger.erasures()).toEqual([{ ...progress, hidden: 0, deleted: 1, due: null }]);
  expect(ledger.record(gone)).toBeUndefined();
  expect(await problemsOf(ledger)).toEqual([]);
});

it('leaves nothing of a name in any byte of the file, also where records are larger than a page', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  const names = Array.from({ length: 400 }, (_, i) => `Maker ${(i * 7919) % 400} of prints`);
  const erased = new Set<string>();
  const records: Cid[] = [];
  for (let at = 0; at < names.length; at += 100) {
    const deposits = names.slice(at, at + 100).map((name, i) => {
      const makers = [{ name, salt: ledger.salt('maker', name) }];
      // Some are larger than a page.
      const notes = `${name} `.repeat(i % 9 === 0 ? 300 : 2);
      const data = { ...UNTITLED, tags: [], makers, notes };
      const record = encodeRecord(data, seededBytes(name)(16), sha256);
      if (i % 10 === 0) {
        erased.add(name);
        records.push(record.cid);
      }
      const body = { ...BODIES.deposit, record: record.cid };
      return { statement: createStatement('deposit', { asset: assetCid(name) }, AT, body), record };
    });
    await ledger.append({
      statements: deposits.map(({ statement }) => statement),
      records: deposits.map(({ record }) => record),
      documents: [],
    });
  }
  await ledger.append({ statements: [erasureOf(...records)], records: [], documents: [] });
  expect(await ledger.deleteErased(EVER)).toBe(40);
  const bytes = bytesIn(folder.path);
  for (const name of names) expect(bytes.includes(name), name).toBe(!erased.has(name));
  expect(await problemsOf(ledger)).toEqual([]);
  // What is left still commits to the same names.
  const [name = ''] = names.filter((one) => !erased.has(one));
  expect(bytes).toContain(Buffer.from(ledger.salt('maker', name)).toString('latin1'));
});

it('takes an erased record from nobody, early, in time or late, and gives it to nobody', async () => {
  using folder = temporaryFolder();
  await using ledger = await withMembers(folder.path, 'ana');
  await using behind = await withMembers(folder.path, 'cyd');
  const deposit = depositBy('gone', granted);
  const erasure = makeEntry(archive, ana, [deposit], [erasureOf(gone)]);
  // The record came with the entry, and is erased in the same page.
  await ledger.importEntries([deposit, erasure]);
  expect(ledger.record(gone)).toBeUndefined();
  const [, , , leaf = new Uint8Array()] = ledger.feed.leaves(0, 9);
  expect(ledger.feed.delivery(leaf, () => true)?.records).toEqual([]);
  expect(ledger.feed.records(leaf, [gone], () => true)).toEqual([]);
  // It did not come before, and is offered afterwards.
  await behind.importEntries([{ ...deposit, records: [] }]);
  expect(behind.feed.missingRecords(0, 9)).toHaveLength(1);
  await behind.importEntries([erasure]);
  expect(behind.feed.missingRecords(0, 9)).toEqual([]);
  expect(await behind.feed.importRecords(deposit.records)).toEqual([]);
  const again = depositBy('gone', erasure, cyd);
  await behind.importEntries([again]);
  expect(behind.record(gone)).toBeUndefined();
  expect(await behind.deleteErased(EVER)).toBe(1);
  expect(behind.erasures()).toMatchObject([{ absent: 1 }]);
  await behind.importEntries([depositBy('gone', again)]);
  expect(behind.record(gone)).toBeUndefined();
  expect(bytesIn(folder.path).split('Maker of gone')).toHaveLength(2);
  for (const one of [ledger, behind]) expect(await problemsOf(one)).toEqual([]);
  const { statement, record } = depositOf('gone');
  const append = { statements: [statement], records: [record], documents: [] };
  await expect(ledger.append(append)).rejects.toMatchObject({ code: 'statement_rejected' });
});

it('lets an author erase what they alone have named, and nobody else but a steward', async () => {
  using folder = temporaryFolder();
  await using ledger = await withMembers(folder.path, 'ana');
  const [own, shared, others] = ['own', 'shared', 'others'].map((name) => depositOf(name).record);
  if (own === undefined || shared === undefined || others === undefined) return;
  const one = depositBy('own', granted);
  const two = depositBy('shared', one);
  const three = depositBy('others', two, cyd);
  // Ben's word about a record of Cyd's makes it none of Ben's.
  const four = makeEntry(archive, ben, [three], [depositOf('others').statement]);
  const five = makeEntry(archive, ben, [four], [erasureOf(own.cid, shared.cid, others.cid)]);
  await ledger.importEntries([one, two, three, four, five]);
  expect(ledger.record(own.cid)).toBeUndefined();
  expect(ledger.record(shared.cid)).toBeUndefined();
  expect(ledger.record(others.cid)).toBeDefined();
  // Cyd wrote about this one without having seen the erasure; Cyd's other one had seen it.
  const unseen = depositBy('shared', three, cyd);
  const seen = depositBy('own', five, cyd);
  await ledger.importEntries([unseen, seen]);
  expect(ledger.record(own.cid)).toBeUndefined();
  expect(ledger.record(shared.cid)).toBeDefined();
  expect(ledger.erasures()).toMatchObject([{ hidden: 1, void: 2 }]);
  expect(await problemsOf(ledger)).toEqual([]);
  await ledger.append({ statements: [erasureOf(others.cid)], records: [], documents: [] });
  expect(ledger.record(others.cid)).toBeUndefined();
});

it('gives the same in whichever order entries come', async () => {
  using folder = temporaryFolder();
  const first = depositBy('shared', granted);
  const erasure = makeEntry(archive, ben, [first], [erasureOf(depositOf('shared').record.cid)]);
  const unseen = depositBy('shared', granted, cyd);
  const orders = [
    [first, erasure, unseen],
    [first, unseen, erasure],
    [unseen, first, erasure],
  ];
  for (const [i, order] of orders.entries()) {
    await using ledger = await openReplica(archive, folder.path, 'ana', `order ${i}`);
    await ledger.importEntries(grants);
    for (const entry of order) await ledger.importEntries([entry]);
    expect(ledger.record(depositOf('shared').record.cid), `order ${i}`).toBeDefined();
  }
});

it('shows a record again if the erasure falls in time, and not once its bytes are deleted', async () => {
  using folder = temporaryFolder();
  for (const isDeleted of [false, true]) {
    await using ledger = await openReplica(archive, folder.path, 'ana', `falls ${isDeleted}`);
    await ledger.importEntries(grants);
    const deposit = depositBy('gone', granted);
    const erasure = makeEntry(archive, ben, [deposit], [erasureOf(gone)]);
    await ledger.importEntries([deposit, erasure]);
    expect(ledger.record(gone)).toBeUndefined();
    const changes = ledger.lateRecordCount();
    if (isDeleted) await ledger.deleteErased(EVER);
    const body = { id: ben.did, key: null, last: [deposit.hash], proposal: null };
    const revoke = createStatement('revoke', null, AT, body);
    await ledger.importEntries([makeEntry(archive, ana, [deposit], [revoke], { inline: true })]);
    if (isDeleted) expect(ledger.record(gone)).toBeUndefined();
    else expect(ledger.record(gone)).toMatchObject({ title: 'gone' });
    expect(ledger.lateRecords(changes, 9)).toEqual(isDeleted ? [] : [gone]);
    expect(await problemsOf(ledger)).toEqual([]);
  }
});

it('erases records only: no block of the ledger, and nothing that is not there', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  const { charterCid } = ledger;
  const note = noteOf('nowhere').cid;
  const blocks = [...archive.documents.map(({ cid }) => cid), charterCid, note];
  const before = blocks.map((cid) => ledger.block(cid));
  await ledger.append({ statements: [erasureOf(...blocks)], records: [], documents: [] });
  await ledger.deleteErased(EVER);
  expect(blocks.map((cid) => ledger.block(cid))).toEqual(before);
  expect(await problemsOf(ledger)).toEqual([]);
});
