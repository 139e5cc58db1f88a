import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { createEnvelope } from '../../src/core/entries/envelope.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type { LedgerProblem } from '../../src/core/ports/ledger.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { type OpenLedgerOptions, openLedger } from '../../src/ledger/open-ledger.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { MIGRATIONS } from '../../src/ledger/tables/schema.ts';
import type { Database } from '../../src/sqlite/database.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import { AT, appendOf, depositOf } from '../support/deposits.ts';
import { fixedClock, seededBytes } from '../support/environs.ts';
import { pemOf, signerOf } from '../support/keys.ts';
import { makeEntry, openReplica, testArchive } from '../support/ledger-archive.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A ledger with something in every table, closed, and with all of it in one file. */
const folder = temporaryFolder();
const whole = join(folder.path, 'cyd.db');

beforeAll(async () => {
  const archive = testArchive('ana', 'ben', 'cyd');
  const [ana, ben] = [signerOf('ana'), signerOf('ben')];
  const hold = createStatement('hold', { asset: assetCid('a') }, AT, BODIES.hold);
  const envelope = createEnvelope(
    { archive: archive.address, nonce: '0a'.repeat(16), statements: [hold] },
    ben,
  );
  const block = { cid: cidFromDigest(CODEC.raw, sha256(envelope)), bytes: envelope };
  const signed = { ...hold, signed: { by: ben.did, envelope: block.cid } };
  const set = createSet([assetCid('a'), assetCid('b')], sha256);
  {
    await using ledger = await openReplica(archive, folder.path, 'cyd');
    ledger.salt('maker', 'Ada');
    await ledger.append(appendOf('a', 'b'));
    await ledger.append({
      statements: [createStatement('hold', { set: set.cid }, AT, BODIES.hold)],
      records: [],
      documents: set.blocks,
    });
    const one = makeEntry(archive, ana, [archive.founding], [signed]);
    const note = (at: number) => `a note of ben over ${at}`;
    ledger.feeds.accuse({ peer: ben.did, sort: 'rewritten', notes: [note(1), note(2)] });
    const head = { origin: 'ben', size: 1, root: Uint8Array.of(1), note: note(1) };
    ledger.feeds.saw(ben.did, head);
    await ledger.importEntries(
      [
        { ...one, blocks: [...one.blocks, block] },
        makeEntry(
          archive,
          ana,
          [archive.founding],
          [hold, depositOf('elsewhere').statement, depositOf('late').statement],
        ),
      ],
      () => ({
        origin: head.origin,
        frontier: { size: 1, hashes: [new Uint8Array(32)] },
        skipped: [{ leaf: Uint8Array.of(2), reason: 'of no use' }],
      }),
    );
    await ledger.feed.importRecords([depositOf('late').record]);
    const wrong = createStatement('enactment', null, AT, { proposal: `${one.hash}/0` });
    const adopt = createStatement('adopt', null, AT, { entries: [one.hash] });
    await ledger.importEntries([makeEntry(archive, ana, [one], [wrong], { inline: true })]);
    await ledger.append({ statements: [adopt], records: [], documents: [] });
    const records = [depositOf('b').record.cid];
    const erasure = createStatement('erasure', null, AT, { ...BODIES.erasure, records });
    await ledger.append({ statements: [erasure], records: [], documents: [] });
    await ledger.deleteErased(Number.MAX_SAFE_INTEGER);
    await ledger.checkpoint();
    await ledger.append(appendOf(...Array.from({ length: 500 }, (_, i) => `c${i}`)));
  }
  expect(existsSync(`${whole}-wal`)).toBe(false);
  return () => folder[Symbol.dispose]();
});

function optionsOf(path: string): OpenLedgerOptions {
  const keyPath = join(folder.path, 'cyd.pem');
  if (!existsSync(keyPath)) writeFileSync(keyPath, pemOf('cyd'), { mode: 0o600 });
  return { path, keyPath, clock: fixedClock, randomBytes: seededBytes('cyd') };
}

/** What opening and verifying finds; a ledger that does not open says so in one problem. */
async function problemsOf(path: string): Promise<LedgerProblem[]> {
  const problems: LedgerProblem[] = [];
  try {
    await using ledger = await openLedger(optionsOf(path));
    for await (const problem of ledger.verify()) problems.push(problem);
  } catch (error) {
    // Anything but an ArchiveError would be a crash.
    if (!(error instanceof ArchiveError)) throw error;
    problems.push({ code: 'home_corrupt', subject: path, text: error.message });
  }
  return problems;
}

function damagedCopy(name: string, damage: (db: Database) => void): string {
  const path = join(folder.path, name);
  copyFileSync(whole, path);
  using db = openDatabase(path, { migrations: MIGRATIONS });
  db.exec('PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON');
  damage(db);
  return path;
}

it('finds nothing wrong with a whole ledger that has something in every table', async () => {
  {
    using db = openDatabase(whole, { migrations: MIGRATIONS, readOnly: true });
    // Places are noted for every 16,384 records; record-places.test.ts is about them. Only a restored
    // home waits.
    const empty = new Set(['record_places', 'waiting']);
    const tables = tablesOf(db).filter((table) => !empty.has(table));
    for (const table of tables) expect(rowsOf(db, table), table).toBeGreaterThan(0);
  }
  expect(await problemsOf(whole)).toEqual([]);
});

describe('names', () => {
  const CASES: readonly [string, string, LedgerProblem['code'], RegExp][] = [
    ['a bit in an entry', flip('entries', 'bytes', 3), 'block_corrupt', /^zdpu/],
    ['a bit in a batch', flip('blocks', 'bytes', 8), 'block_corrupt', /^(zdpu|bafyrei)/],
    ['a bit in a record', flip('records', 'bytes', 1), 'block_corrupt', /^bafyrei/],
    ['a bit in a salt', flip('salts', 'salt', 1, ''), 'home_corrupt', /maker "Ada"/],
    ['a bit in the Merkle tree', flip('tree', 'hash', 1, ''), 'home_corrupt', /^zdpu/],
    ['a bit in the epoch', flip('archive', 'epoch', 1), 'home_corrupt', /^zdpu/],
    ['a head that is none', 'INSERT INTO heads VALUES (1)', 'home_corrupt', /^zdpu/],
    ['a head that is missing', 'DELETE FROM heads', 'home_corrupt', /^(zdpu|heads)/],
    [
      'an entry that is missing',
      'DELETE FROM entries WHERE arrival = 3',
      'home_corrupt',
      /^arrival 3$/,
    ],
    [
      'the last entry missing',
      'DELETE FROM entries WHERE arrival = 6',
      'home_corrupt',
      /^(parents|heads)$/,
    ],
    ['two entries in each other’s place', SWAP, 'home_corrupt', /^zdpu/],
    ['a record that is missing', 'DELETE FROM records', 'block_missing', /^zdpu/],
    ['a batch that is missing', 'DELETE FROM blocks WHERE rowid = 8', 'block_missing', /^zdpu/],
    ['all entries missing', 'DELETE FROM entries', 'home_corrupt', /^arrival 0$/],
    [
      'a node of the tree too much',
      "INSERT INTO tree VALUES (9, 0, x'00')",
      'home_corrupt',
      /^tree$/,
    ],
    ['a record noted as missing', 'DELETE FROM missing_records', 'home_corrupt', /^zdpu/],
    ['a bit in what is noted of a feed', flip('feeds', 'frontier', 1), 'home_corrupt', /^ben$/],
    [
      'an erased record that is here again',
      "UPDATE records SET bytes = x'01' WHERE bytes = zeroblob(length(bytes))",
      'block_corrupt',
      /^bafyrei/,
    ],
    [
      'a record without bytes that nobody erased',
      'UPDATE records SET bytes = zeroblob(length(bytes)) WHERE id = 1',
      'block_corrupt',
      /^bafyrei/,
    ],
    [
      'an erasure that no entry holds',
      'UPDATE erasures SET record = (SELECT cid FROM records WHERE id = 1)',
      'home_corrupt',
      /^(zdpu|erasure)/,
    ],
    ['a fork that is none', 'INSERT INTO forks VALUES (1, 0)', 'home_corrupt', /^zdpu/],
  ];
  it.each(CASES)('%s', async (_what, sql, code, subject) => {
    const path = damagedCopy('named.db', (db) => db.exec(sql));
    const problems = await problemsOf(path);
    expect(problems.filter((one) => one.code === code).map((one) => one.subject)).toContainEqual(
      expect.stringMatching(subject),
    );
  });

  it('the definition of a table that is not as it was', async () => {
    const bytes = readFileSync(whole);
    // SQLite leaves older copies of the text in the page.
    const text = 'clock INTEGER NOT NULL';
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      bytes.write('Null', at + text.length - 'NULL'.length);
    }
    const path = join(folder.path, 'schema.db');
    writeFileSync(path, bytes);
    const problems = await problemsOf(path);
    expect(problems.map((one) => one.text)).toContainEqual(expect.stringContaining('entries'));
  });
});

it('notices a changed value in any column of any table', async () => {
  const places: { table: string; column: string; type: string }[] = [];
  {
    using db = openDatabase(whole, { migrations: MIGRATIONS, readOnly: true });
    for (const table of tablesOf(db)) {
      const columns = db
        .prepare<{ name: string; type: string }>(
          `SELECT name, type FROM pragma_table_info('${table}')`,
        )
        .all();
      for (const { name, type } of columns) places.push({ table, column: name, type });
    }
  }
  expect(places.length).toBeGreaterThan(30);
  // Nothing goes by the number of a record before its segment is full.
  const telling = places.filter(
    ({ table, column }) => table !== 'record_places' && column !== 'id',
  );
  for (const { table, column, type } of telling) {
    const value =
      type === 'INTEGER'
        ? `${column} + 1000`
        : type === 'TEXT'
          ? `${column} || 'x'`
          : `substr(${column}, 1, length(${column}) - 1) || x'ff'`;
    const where = `WHERE ${column} = (SELECT max(${column}) FROM ${table})`;
    const path = damagedCopy('column.db', (db) =>
      db.exec(`UPDATE ${table} SET ${column} = CAST(${value} AS ${type}) ${where}`),
    );
    expect(await problemsOf(path), `${table}.${column}`).not.toEqual([]);
  }
});

it('names every flipped bit of a ledger that was closed, wherever in the file it is', async () => {
  const bytes = readFileSync(whole);
  const seed = process.env['RINGFENCE_SEED'] ?? '1';
  const random = seededBytes(`flips ${seed}`);
  const path = join(folder.path, 'flipped.db');
  const places = Array.from({ length: 40 }, () => Buffer.from(random(4)).readUInt32LE());
  // The header's version of the last writer, and its reserved bytes: SQLite looks at neither.
  for (const place of [97 * 8, 75 * 8 + 3, ...places]) {
    const bit = place % (bytes.length * 8);
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, flipped);
    copyFileSync(`${whole}-sums`, `${path}-sums`);
    const problems = await problemsOf(path);
    expect(problems, `seed ${seed}, bit ${bit}`).not.toEqual([]);
    expect(problems.map(({ code }) => code)).toContain('home_corrupt');
  }
});

it('names a flipped bit in the sums that the file is compared with', async () => {
  const path = join(folder.path, 'sums.db');
  copyFileSync(whole, path);
  const sums = readFileSync(`${whole}-sums`);
  sums[40] = (sums[40] ?? 0) ^ 1;
  writeFileSync(`${path}-sums`, sums);
  const [problem, ...others] = await problemsOf(path);
  expect(others).toEqual([]);
  expect(problem?.text).toContain(`${path}-sums`);
});

const SWAP = `
  UPDATE entries SET arrival = -1 WHERE arrival = 2;
  UPDATE entries SET arrival = 2 WHERE arrival = 3;
  UPDATE entries SET arrival = 3 WHERE arrival = -1;`;

function flip(table: string, column: string, row: number, by = `WHERE rowid = ${row}`): string {
  const last = `substr(${column}, length(${column}), 1)`;
  const other = `CASE WHEN ${last} = x'00' THEN x'01' ELSE x'00' END`;
  return `UPDATE ${table} SET ${column} = CAST(substr(${column}, 1, length(${column}) - 1) || ${other} AS BLOB) ${by}`;
}

function tablesOf(db: Database): string[] {
  const query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  return db
    .prepare<{ name: string }>(query)
    .all()
    .map((row) => row.name);
}

function rowsOf(db: Database, table: string): number {
  return db.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
}
