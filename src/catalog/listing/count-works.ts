import type { Database } from '../../sqlite/database.ts';
import type { Pacer } from '../pacer.ts';
import type { Term } from './condition.ts';
import { allOf, spans } from './count-all.ts';

/** Returns how many works, or assets that are part of none, have something for which all terms hold. */
export async function countWorks(
  db: Database,
  terms: readonly Term[],
  pacer: Pacer,
): Promise<number> {
  let count = 0;
  for await (const { ids } of firstParts(db, terms, pacer)) count += ids.length;
  return count;
}

/** Returns the number of the asset that stands for the nth of them; of the last where there are fewer. */
export async function nthWork(
  nth: number,
  db: Database,
  terms: readonly Term[],
  pacer: Pacer,
): Promise<number> {
  let left = nth;
  let last = 0;
  for await (const { ids, end } of firstParts(db, terms, pacer)) {
    const found = ids[left - 1];
    if (found !== undefined) return found;
    left -= ids.length;
    last = end;
  }
  return last;
}

/** Yields the assets that stand for their work, or alone, span by span; remembers a number for each work. */
async function* firstParts(
  db: Database,
  terms: readonly Term[],
  pacer: Pacer,
): AsyncGenerator<{ readonly ids: readonly number[]; readonly end: number }> {
  const { sql, values } = allOf(terms);
  const query = db.prepare<{ id: number; work: number | null }>(
    `SELECT id, (SELECT work FROM parts WHERE asset = assets.id) AS work FROM assets
     WHERE ${sql} ORDER BY id`,
  );
  const seen = new Set<number>();
  for await (const span of spans(db, pacer)) {
    const ids: number[] = [];
    for (const { id, work } of query.all(...span, ...values)) {
      if (work !== null && seen.has(work)) continue;
      if (work !== null) seen.add(work);
      ids.push(id);
    }
    yield { ids, end: span[1] };
  }
}
