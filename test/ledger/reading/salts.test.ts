import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Salts } from '../../../src/ledger/reading/salts.ts';
import { MIGRATIONS } from '../../../src/ledger/tables/schema.ts';
import { openDatabase } from '../../../src/sqlite/open-database.ts';
import { transaction } from '../../../src/sqlite/transaction.ts';
import { seededBytes } from '../../support/environs.ts';
import { hex } from '../../support/statement-bodies.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('leaves nothing of a removed name in the file, whatever pages were split before', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'salts.db');
  using db = openDatabase(path, { migrations: MIGRATIONS });
  db.exec('PRAGMA synchronous=OFF');
  const salts = new Salts(db, seededBytes('salts'));
  // Of 800 names that are only deleted, pieces of split pages keep two.
  const names = Array.from({ length: 8_000 }, (_, i) => {
    const digest = hex(`n${i}`);
    return `${digest.slice(0, 8)} Name ${'x'.repeat(Number.parseInt(digest.slice(8, 10), 16) % 150)}`;
  });
  transaction(db, () => {
    for (const name of names) salts.salt('maker', name);
    salts.write();
  });
  const gone = names.filter((_, i) => i % 10 === 0);
  const named = gone.map((name) => ({ name, salt: salts.salt('maker', name) }));
  transaction(db, () => salts.remove(named)).settle();
  db.foldBack();
  const bytes = readFileSync(path, 'latin1');
  expect(gone.filter((name) => bytes.includes(name))).toEqual([]);
  expect(names.filter((name) => bytes.includes(name))).toHaveLength(names.length - gone.length);
});
