import { SCHEMA } from '../../src/catalog/file/schema.ts';
import type { Database } from '../../src/sqlite/database.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** Rows of every table, by table. */
export type Dump = Readonly<Record<string, readonly Row[]>>;

/**
 * Returns every row of every table of a catalog, in the order of rowids, the words of the full-text
 * index instead of the pages it is made of.
 */
export function dumpTables(path: string): Dump {
  using db = openDatabase(path, { migrations: [SCHEMA], readOnly: true });
  const dump: Record<string, readonly Row[]> = {};
  for (const table of tablesOf(db)) dump[table] = db.prepare<Row>(`SELECT * FROM ${table}`).all();
  dump['words'] = wordsOf(db);
  return dump;
}

/**
 * Returns what a catalog says without the numbers that it gave to things in the order in which they
 * arrived: names stand in their place, and rows are sorted.
 */
export function dumpMeaning(path: string): Dump {
  const dump = dumpTables(path);
  const rows = (table: string) => dump[table] ?? [];
  const names = (table: string, nameOf: (row: Row) => string) =>
    new Map(rows(table).map((row) => [row['id'] ?? null, nameOf(row)]));
  const cid = (row: Row) => String(row['cid']);
  const assets = names('assets', cid);
  const sets = names('sets', cid);
  const entries = names('entries', (row) => String(row['hash']));
  const statements = names(
    'statements',
    (row) => `${entries.get(row['entry'] ?? null)}/${row['place']}`,
  );
  const places = new Map<string, ReadonlyMap<string | number | null, string>>([
    ['asset', assets],
    ['parent', assets],
    ['child', assets],
    ['subject_set', sets],
    ['entry', entries],
    ['voice', names('voices', (row) => `${row['author']} ${row['organisation']} ${row['roles']}`)],
    ['class', names('classes', (row) => String(row['key']))],
    ['collection', names('collections', (row) => String(row['salted']))],
    ['work', names('works', (row) => String(row['key']))],
    ['doc', assets],
    ['attestation', statements],
    ['review', statements],
    ['statement', statements],
  ]);
  const meaning: Record<string, readonly Row[]> = {};
  for (const table of Object.keys(dump)) {
    if (table === 'state') continue;
    const said = rows(table)
      // A class that has lost its last asset says nothing, nor does a work that has lost its last part.
      .filter((row) => table !== 'classes' || row['assets'] !== 0)
      .filter((row) => table !== 'works' || row['parts'] !== 0)
      .map((row) => {
        const named = Object.entries(row).map(([column, value]) => {
          if (column === 'id') return [column, table === 'deposits' ? statements.get(value) : null];
          const name = places.get(column);
          return [column, name === undefined || value === null ? value : name.get(value)];
        });
        return Object.fromEntries(named) as Row;
      });
    meaning[table] = said.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return meaning;
}

function tablesOf(db: Database): readonly string[] {
  return db
    .prepare<{ name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'words%'
       AND name NOT LIKE 'sqlite%' ORDER BY name`,
    )
    .all()
    .map(({ name }) => name);
}

function wordsOf(db: Database): readonly Row[] {
  db.exec(`CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'words', 'instance')`);
  return db.prepare<Row>('SELECT doc, col, term, offset FROM temp.terms ORDER BY 1, 2, 4').all();
}
