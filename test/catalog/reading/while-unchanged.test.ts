import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WhileUnchanged } from '../../../src/catalog/reading/while-unchanged.ts';
import { openDatabase } from '../../../src/sqlite/open-database.ts';
import { transaction } from '../../../src/sqlite/transaction.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('keeps an answer until somebody else has committed to the file, and no longer', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'kept.db');
  const migrations = ['CREATE TABLE said (word TEXT NOT NULL) STRICT;'];
  using writer = openDatabase(path, { migrations });
  using reader = openDatabase(path, { migrations, readOnly: true });
  const kept = new WhileUnchanged<number>(reader);
  const count = reader.prepare<{ n: number }>('SELECT count(*) AS n FROM said');
  let looked = 0;
  const answer = () =>
    kept.get('words', () => {
      looked += 1;
      return count.get()?.n ?? 0;
    });
  expect([answer(), answer(), looked]).toEqual([0, 0, 1]);
  transaction(writer, () => {
    writer.prepare('INSERT INTO said VALUES (?)').run('one');
    expect([answer(), looked]).toEqual([0, 1]);
  });
  expect([answer(), answer(), looked]).toEqual([1, 1, 2]);
});

it('loses no answer to any number of questions that have none', () => {
  using folder = temporaryFolder();
  using db = openDatabase(join(folder.path, 'kept.db'), { migrations: [] });
  const kept = new WhileUnchanged<string | undefined>(db);
  let looked = 0;
  const answer = () =>
    kept.get('known', () => {
      looked += 1;
      return 'an answer';
    });
  answer();
  for (let other = 0; other < 5000; other += 1) kept.get(`unknown ${other}`, () => undefined);
  expect([answer(), looked]).toEqual(['an answer', 1]);
});
