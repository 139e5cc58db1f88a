import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { integrityProblems, openDatabase } from '../../src/sqlite/open-database.ts';
import { asyncTransaction, transaction } from '../../src/sqlite/transaction.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const migrations = ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT'];

it('keeps what was committed, with the pragmas that make it durable', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  {
    using db = openDatabase(path, { migrations });
    expect(db.prepare<{ synchronous: number }>('PRAGMA synchronous').get()?.synchronous).toBe(2);
    expect(db.prepare<{ timeout: number }>('PRAGMA busy_timeout').get()?.timeout).toBe(5000);
    const added = transaction(db, () =>
      db.prepare('INSERT INTO notes (text) VALUES (:text)').run({ text: 'first' }),
    );
    expect(added).toEqual({ changes: 1, lastRowId: 1 });
    expect(existsSync(`${path}-wal`)).toBe(true);
  }
  using db = openDatabase(path, { migrations, readOnly: true });
  const select = db.prepare<{ text: string }>('SELECT text FROM notes WHERE id = ?');
  expect(select.get(1)?.text).toBe('first');
  expect(select.get(2)).toBeUndefined();
  expect([...select.iterate(1)].map((row) => row.text)).toEqual(['first']);
  expect(integrityProblems(db)).toEqual([]);
});

it('undoes a transaction whose work throws, synchronous or not', async () => {
  using folder = temporaryFolder();
  using db = openDatabase(join(folder.path, 'a.db'), { migrations });
  const insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
  const failure = new Error('stop');
  expect(() =>
    transaction(db, () => {
      insert.run('lost');
      throw failure;
    }),
  ).toThrow(failure);
  await expect(
    asyncTransaction(db, async () => {
      insert.run('lost');
      await Promise.resolve();
      throw failure;
    }),
  ).rejects.toBe(failure);
  expect(db.inTransaction).toBe(false);
  expect(db.prepare('SELECT * FROM notes').all()).toEqual([]);
});

it('applies only the migrations a file has not seen, each as a whole', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  openDatabase(path, { migrations }).close();
  const broken = [...migrations, 'CREATE TABLE more (id INTEGER) STRICT; SELECT nonsense'];
  expect(() => openDatabase(path, { migrations: broken })).toThrow('nonsense');
  const second = [...migrations, 'CREATE TABLE more (id INTEGER) STRICT'];
  using db = openDatabase(path, { migrations: second });
  expect(db.prepare('SELECT * FROM more').all()).toEqual([]);
});

it('refuses a file of a newer version', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  openDatabase(path, { migrations: [...migrations, 'SELECT 1'] }).close();
  expect(() => openDatabase(path, { migrations })).toThrow(
    expect.objectContaining({ code: 'home_newer' }),
  );
});

it.each([
  ['text instead of a database', () => Buffer.from('not a database, but long enough to be read')],
  ['a damaged page', (bytes: Buffer) => bytes.fill(0xff, 4096, 8192)],
])('refuses %s as damaged', (_what, damage) => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  openDatabase(path, { migrations }).close();
  writeFileSync(path, damage(readFileSync(path)));
  expect(() => {
    using db = openDatabase(path, { migrations });
    db.prepare('SELECT * FROM notes').all();
  }).toThrow(expect.objectContaining({ code: 'home_corrupt' }));
});

it('says home_corrupt for a folder or a read-only file that is not there', () => {
  using folder = temporaryFolder();
  const missing = expect.objectContaining({ code: 'home_corrupt' });
  expect(() => openDatabase(join(folder.path, 'no', 'a.db'), { migrations })).toThrow(missing);
  expect(() => openDatabase(join(folder.path, 'a.db'), { migrations, readOnly: true })).toThrow(
    missing,
  );
});

it('says disk_full when a write has no room, and goes on when there is room again', () => {
  using folder = temporaryFolder();
  using db = openDatabase(join(folder.path, 'a.db'), { migrations });
  const insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
  db.exec('PRAGMA max_page_count=20');
  expect(() => transaction(db, () => insert.run('x'.repeat(200_000)))).toThrow(
    expect.objectContaining({ code: 'disk_full', retryable: true }),
  );
  db.exec('PRAGMA max_page_count=2000');
  transaction(db, () => insert.run('y'));
  expect(db.prepare<{ text: string }>('SELECT text FROM notes').all()).toHaveLength(1);
});

it('throws a violated constraint as it is', () => {
  using folder = temporaryFolder();
  using db = openDatabase(join(folder.path, 'a.db'), { migrations });
  expect(() => db.prepare('INSERT INTO notes (text) VALUES (?)').run(null)).toThrow(
    /NOT NULL constraint/,
  );
});

it('says home_locked when another connection holds the write lock', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  using first = openDatabase(path, { migrations });
  using second = openDatabase(path, { migrations });
  second.exec('PRAGMA busy_timeout=10');
  first.begin();
  expect(() => second.begin()).toThrow(expect.objectContaining({ code: 'home_locked' }));
  first.rollback();
  second.begin();
});
