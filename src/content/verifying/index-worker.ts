import { parentPort, workerData } from 'node:worker_threads';
import { integrityProblems, openDatabase } from '../../sqlite/open-database.ts';
import { INDEX_MIGRATIONS } from '../packs/pack-index.ts';

/** Thread of `indexProblems`: reads the whole file and answers once. */

parentPort?.postMessage(check(String(workerData)));

function check(path: string): readonly string[] {
  try {
    using db = openDatabase(path, { migrations: INDEX_MIGRATIONS, readOnly: true });
    return integrityProblems(db);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
