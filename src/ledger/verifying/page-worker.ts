import { parentPort, workerData } from 'node:worker_threads';
import type { Database } from '../../sqlite/database.ts';
import { integrityProblems, openDatabase } from '../../sqlite/open-database.ts';
import { pageSumProblems } from '../../sqlite/page-sums.ts';
import { MIGRATIONS } from '../tables/schema.ts';
import { damageText } from '../translate-damage.ts';

/** Thread of {@link pageProblems}: reads the whole file and answers once. */

parentPort?.postMessage(report(String(workerData)));

function report(path: string): readonly string[] {
  try {
    using db = openDatabase(path, { migrations: MIGRATIONS, readOnly: true });
    // One state of the file for all of it, and no page is folded back meanwhile.
    db.exec('BEGIN');
    return [...schemaProblems(db), ...integrityProblems(db), ...pageSumProblems(path)];
  } catch (error) {
    return [damageText(error)];
  }
}

/** SQLite keeps the text of each CREATE statement, and goes by it when it reads the file. */
function schemaProblems(db: Database): string[] {
  const ours = MIGRATIONS.filter((migration) => typeof migration === 'string').join('\n');
  return db
    .prepare<{ name: string; sql: string | null }>(
      "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'",
    )
    .all()
    .filter(({ sql }) => sql !== null && !ours.includes(sql))
    .map(({ name }) => `the definition of ${name} is not the one it was made with`);
}
