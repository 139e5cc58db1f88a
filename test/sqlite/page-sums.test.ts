import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Database } from '../../src/sqlite/database.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import { pageSumProblems } from '../../src/sqlite/page-sums.ts';
import { transaction } from '../../src/sqlite/transaction.ts';
import { seededBytes } from '../support/environs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const migrations = ['CREATE TABLE notes (id BLOB PRIMARY KEY, text BLOB NOT NULL) STRICT'];
const random = seededBytes('page sums');

function open(path: string): Database {
  return openDatabase(path, { migrations, pageSums: true });
}

/** Random keys, so that pages split everywhere and leave old bytes in what they free. */
function fill(db: Database, rows: number): void {
  transaction(db, () => {
    const insert = db.prepare('INSERT INTO notes VALUES (?, ?)');
    for (let i = 0; i < rows; i += 1) insert.run(random(16), random(100 + (i % 700)));
    db.exec('DELETE FROM notes WHERE rowid % 3 = 0');
  });
}

it('finds every flipped bit of a closed file, free space and ignored header fields included', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  for (let round = 0; round < 3; round += 1) {
    using db = open(path);
    fill(db, 500);
  }
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect([...pageSumProblems(path)]).toEqual([]);
  const bytes = readFileSync(path);
  for (let i = 0; i < 300; i += 1) {
    const bit = Buffer.from(random(4)).readUInt32LE() % (bytes.length * 8);
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, flipped);
    const first = (bit >> 15) * 4_096;
    expect([...pageSumProblems(path)], `bit ${bit}`).toEqual([
      expect.stringContaining(`bytes ${first} to ${first + 4_095} `),
    ]);
  }
});

it('goes on from the log of a process that was killed, whether or not its pages were noted', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  const copy = join(folder.path, 'b.db');
  open(path).close();
  using db = open(path);
  fill(db, 500);
  // What a kill leaves: the log with all that was committed, the sums from before it.
  for (const suffix of ['', '-wal', '-sums']) copyFileSync(path + suffix, copy + suffix);
  {
    using after = open(copy);
    expect([...pageSumProblems(copy)]).toEqual([]);
    fill(after, 10);
    expect([...pageSumProblems(copy)]).toEqual([]);
  }
  expect([...pageSumProblems(copy)]).toEqual([]);
  expect(statSync(`${copy}-sums`).size).toBe(16 + statSync(copy).size / 1_024);
});

it('leaves the log to a reader that still needs it, and notes nothing wrong', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  {
    using db = open(path);
    fill(db, 200);
    using reader = openDatabase(path, { migrations, readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT * FROM notes').get();
    fill(db, 200);
    db.close();
    expect([...pageSumProblems(path)]).toEqual([]);
  }
  using db = open(path);
  expect([...pageSumProblems(path)]).toEqual([]);
  db.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect([...pageSumProblems(path)]).toEqual([]);
});

it('makes the sums again from the file when they are lost or were not finished', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  {
    using db = open(path);
    fill(db, 200);
  }
  const sums = readFileSync(`${path}-sums`);
  rmSync(`${path}-sums`);
  open(path).close();
  expect(readFileSync(`${path}-sums`)).toEqual(sums);
  writeFileSync(`${path}-sums`, Buffer.concat([Buffer.alloc(16), sums.subarray(16, 30)]));
  open(path).close();
  expect(readFileSync(`${path}-sums`)).toEqual(sums);
});
