import {
  closeSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rebuildCatalog } from '../../src/catalog/file/rebuild-catalog.ts';
import { SCHEMA } from '../../src/catalog/file/schema.ts';
import { openCatalog } from '../../src/catalog/open-catalog.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import * as say from '../support/asset-statements.ts';
import { dumpTables } from '../support/catalog-dump.ts';
import { MemoryLedger, memberOf } from '../support/memory-ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Returns a ledger of some hundred deposits, so that its catalog has pages of every sort. */
function filledLedger(entries = 3): MemoryLedger {
  const ledger = new MemoryLedger();
  for (let entry = 0; entry < entries; entry += 1) {
    const assets = Array.from({ length: 100 }, (_, i) => say.assetOf(entry * 100 + i));
    ledger.append(
      say.saying(
        assets.flatMap((asset, i) => [
          say.findings(asset),
          say.deposit(asset, { title: `Number ${i}`, notes: 'x'.repeat(300) }),
        ]),
      ),
    );
  }
  return ledger;
}

/** Opens the file as a program does, and returns what it says then, and what was noticed. */
async function reopened(path: string, ledger: MemoryLedger) {
  const notices: string[] = [];
  let assets = 0;
  {
    await using catalog = openCatalog({ path, ledger, onNotice: (text) => notices.push(text) });
    await catalog.catchUp();
    assets = await catalog.count({});
  }
  return { assets, notices, tables: dumpTables(path) };
}

const damages: readonly (readonly [string, (path: string) => void])[] = [
  ['is empty', (path) => truncateSync(path, 0)],
  ['ends in its first page', (path) => truncateSync(path, 700)],
  ['is cut in half', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  ['is no database', (path) => writeFileSync(path, 'not a database'.repeat(1000))],
  ['has a page of zeros', (path) => overwrite(path, 4096 * 3, new Uint8Array(4096))],
  ['has a page of ones', (path) => overwrite(path, 4096 * 6, new Uint8Array(4096).fill(255))],
  ['holds tables of another program', (path) => fillBy(path, 'CREATE TABLE state (a INT) STRICT')],
  ['belongs to another program', (path) => fillBy(path, 'PRAGMA user_version = 0')],
  ['was written by a newer version', (path) => change(path, 'PRAGMA user_version = 9')],
  ['was written by an older version', (path) => change(path, 'UPDATE state SET layout = 0')],
  ['is of another ledger', (path) => change(path, `UPDATE state SET ledger = 'other'`)],
  ['was decided by other rules', (path) => change(path, `UPDATE classes SET key = key || 'x'`)],
  ['has lost a table', (path) => change(path, 'DROP TABLE deposits')],
];

it.each(damages)('is built again, with a notice, when the file %s', async (_what, damage) => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'catalog.db');
  const ledger = filledLedger();
  const sound = await reopened(path, ledger);
  expect(sound).toMatchObject({ assets: 300, notices: [] });
  damage(path);
  const repaired = await reopened(path, ledger);
  expect(repaired).toMatchObject({ assets: 300, notices: [expect.stringContaining(path)] });
  expect(repaired.tables).toEqual(sound.tables);
});

it('survives any flipped bit: it answers, or is built again at the next start', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'catalog.db');
  const ledger = filledLedger(1);
  await reopened(path, ledger);
  const sound = readFileSync(path);
  for (let place = 0; place < sound.length; place += 4_999) {
    writeFileSync(path, sound);
    overwrite(path, place, Uint8Array.of((sound[place] ?? 0) ^ (1 << (place % 8))));
    try {
      await using catalog = openCatalog({ path, ledger });
      await catalog.catchUp();
      for (const { cid } of catalog.list({}, { limit: 200 }).assets) catalog.asset(cid);
      catalog.list({ text: 'number' }, { limit: 200 });
    } catch (error) {
      expect(error, `byte ${place}`).toMatchObject({ code: 'home_corrupt' });
      expect((await reopened(path, ledger)).assets).toBe(100);
    }
  }
});

it('is built again when the ledger has other entries than those it was made of', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'catalog.db');
  await reopened(path, filledLedger());
  const shorter = filledLedger(2);
  const cut = await reopened(path, shorter);
  expect(cut).toMatchObject({ assets: 200, notices: [expect.stringContaining(path)] });
  const other = filledLedger(0);
  other.append(say.saying([say.deposit(say.assetOf('other'), {})]));
  other.append(say.saying([say.deposit(say.assetOf('more'), {})]));
  const changed = await reopened(path, other);
  expect(changed).toMatchObject({ assets: 2, notices: [expect.stringContaining(path)] });
});

it('is built again when other institutions are vetted, for verdicts depend on them', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'catalog.db');
  const ledger = filledLedger(1);
  await reopened(path, ledger);
  const institutions = [{ id: memberOf(1).organisation, name: 'House', selfVetted: true }];
  const vetted = new MemoryLedger({ institutions, like: ledger });
  vetted.take(ledger, 0);
  expect(await reopened(path, vetted)).toMatchObject({
    assets: 100,
    notices: [expect.stringContaining('again')],
  });
});

it('keeps the old file until a rebuilt one is whole, and leaves nothing beside it', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'catalog.db');
  const ledger = filledLedger();
  const sound = await reopened(path, ledger);
  const stopped = AbortSignal.abort();
  await expect(rebuildCatalog({ path, ledger, signal: stopped })).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(dumpTables(path)).toEqual(sound.tables);
  expect(await rebuildCatalog({ path, ledger })).toBe(3);
  expect(dumpTables(path)).toEqual(sound.tables);
  writeFileSync(path, 'damaged');
  writeFileSync(`${path}-wal`, 'damaged as well');
  expect(await rebuildCatalog({ path, ledger })).toBe(3);
  expect(dumpTables(path)).toEqual(sound.tables);
});

function overwrite(path: string, offset: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

function change(path: string, sql: string): void {
  using db = openDatabase(path, { migrations: [SCHEMA] });
  db.exec(sql);
}

function fillBy(path: string, sql: string): void {
  truncateSync(path, 0);
  using db = openDatabase(path, { migrations: ['CREATE TABLE assets (a INT) STRICT'] });
  db.exec(sql);
}
