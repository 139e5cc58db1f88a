import type { Database } from '../sqlite/database.ts';
import type { Term } from './condition.ts';
import type { Pacer } from './pacer.ts';

/** Assets that are counted together: some milliseconds of work. */
const AT_ONCE = 8_192;

/**
 * Returns for how many of the archive's own assets all terms hold. Goes through every asset, letting
 * other work have its turn.
 */
export async function countAll(
  db: Database,
  terms: readonly Term[],
  pacer: Pacer,
): Promise<number> {
  const all = ['status IS NOT NULL', ...terms.map(({ sql }) => sql)].join(' AND ');
  const query = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM assets WHERE id > ?1 AND id <= ?2 AND ${all}`,
  );
  const values = terms.flatMap((term) => term.values);
  const last = db.prepare<{ id: number | null }>('SELECT max(id) AS id FROM assets').get()?.id ?? 0;
  let count = 0;
  for (let after = 0; after < last; after += AT_ONCE) {
    count += query.get(after, after + AT_ONCE, ...values)?.n ?? 0;
    await pacer.turn();
  }
  return count;
}
