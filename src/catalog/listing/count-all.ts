import type { Database, SqlValue } from '../../sqlite/database.ts';
import type { Pacer } from '../pacer.ts';
import type { Term } from './condition.ts';

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
  const { sql, values } = allOf(terms);
  const query = db.prepare<{ n: number }>(`SELECT count(*) AS n FROM assets WHERE ${sql}`);
  let count = 0;
  for await (const span of spans(db, pacer)) count += query.get(...span, ...values)?.n ?? 0;
  return count;
}

/** Returns the number of the nth asset for which all terms hold; of the last where there are fewer. */
export async function nthOf(
  nth: number,
  db: Database,
  terms: readonly Term[],
  pacer: Pacer,
): Promise<number> {
  const { sql, values } = allOf(terms);
  const query = db.prepare<{ id: number }>(`SELECT id FROM assets WHERE ${sql} ORDER BY id`);
  let left = nth;
  let last = 0;
  for await (const span of spans(db, pacer)) {
    const ids = query.all(...span, ...values);
    const found = ids[left - 1];
    if (found !== undefined) return found.id;
    left -= ids.length;
    last = span[1];
  }
  return last;
}

/** Says that all terms hold for an asset of the archive's own, in a span. */
export function allOf(terms: readonly Term[]): { sql: string; values: readonly SqlValue[] } {
  const own = 'id > ?1 AND id <= ?2 AND status IS NOT NULL';
  return {
    sql: [own, ...terms.map(({ sql }) => sql)].join(' AND '),
    values: terms.flatMap((term) => term.values),
  };
}

/** Yields spans of asset numbers that hold all assets: above the first number, and not above the second. */
export async function* spans(
  db: Database,
  pacer: Pacer,
  atOnce = AT_ONCE,
): AsyncGenerator<[number, number]> {
  const last = lastAsset(db);
  for (let after = 0; after < last; after += atOnce) {
    yield [after, after + atOnce];
    await pacer.turn();
  }
}

/** Returns the greatest number of an asset, of which there are no more therefore; 0 without any. */
export function lastAsset(db: Database): number {
  return db.prepare<{ id: number | null }>('SELECT max(id) AS id FROM assets').get()?.id ?? 0;
}
