import type { Database } from '../../sqlite/database.ts';
import { required } from '../file/damage.ts';
import type { Pacer } from '../pacer.ts';
import type { Projection } from './projection.ts';
import type { SourceLedger } from './source-ledger.ts';

/** Records after which a transaction ends. */
const PAGE = 1_024;

/**
 * Shows what records say otherwise than when the statements came that name them: a node may read more than
 * before, a partner had not had one, or an erasure hides it, or has fallen. Each page of records and how far one has got are committed together.
 */
export async function projectLateRecords(
  db: Database,
  projection: Projection,
  ledger: SourceLedger,
  pacer: Pacer,
): Promise<void> {
  for (;;) {
    const done = required(
      db.prepare<{ late: number }>('SELECT late FROM state').get(),
      'how far it has got',
    ).late;
    const records = ledger.lateRecords(done, PAGE);
    if (records.length === 0) return;
    db.begin();
    try {
      await projection.reread(records, pacer);
      projection.writeCounts();
      db.prepare('UPDATE state SET late = ?').run(done + records.length);
      db.commit();
    } catch (error) {
      db.rollback();
      projection.forget();
      throw error;
    }
  }
}
