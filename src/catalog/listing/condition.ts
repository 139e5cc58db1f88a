import type { SqlValue } from '../../sqlite/database.ts';
import type { AssetRow } from '../reading/asset-reader.ts';
import type { PostingList } from './posting-lists.ts';

/** One condition of a filter: whom it holds for, and how to find them without looking at others. */
export interface Condition {
  /** Returns how many assets it holds for, if that is quickly known; else a lower bound. */
  size(): { readonly assets: number; readonly isExact: boolean };
  /** Together they name everybody for whom it holds; undefined where there would be too many lists. */
  readonly lists: readonly PostingList[] | undefined;
  /** Returns those of some assets for whom it holds. */
  keep(rows: readonly AssetRow[]): readonly AssetRow[];
  /** The same in SQL. */
  readonly term: Term;
}

/** A condition on a row of `assets` whose id is above `?1` and not above `?2`. */
export interface Term {
  readonly sql: string;
  /** For its `?`, in order. */
  readonly values: readonly SqlValue[];
}

export const NOBODY: Condition = {
  size: () => ({ assets: 0, isExact: true }),
  lists: [],
  keep: () => [],
  term: { sql: '0', values: [] },
};

/** Says that a column of `assets` has one of these values. */
export function isOneOf(column: string, values: ReadonlySet<string | number>): Term {
  return {
    sql: `${column} IN (SELECT value FROM json_each(?))`,
    values: [JSON.stringify([...values])],
  };
}

/** Returns the condition that holds for the fewest, as far as that is quickly known. */
export function rarestOf(conditions: readonly Condition[]): Condition | undefined {
  const [first, ...others] = conditions;
  if (first === undefined || others.length === 0) return first;
  const sized = conditions.map((condition) => ({ condition, assets: condition.size().assets }));
  return sized.reduce((least, one) => (one.assets < least.assets ? one : least)).condition;
}

/** Returns those of some assets for whom all conditions hold. */
export function kept(
  rows: readonly AssetRow[],
  conditions: readonly Condition[],
): readonly AssetRow[] {
  return conditions.reduce((some, condition) => condition.keep(some), rows);
}
