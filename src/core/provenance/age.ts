import type { StandingStatement } from './facts.ts';

type Placed = Pick<StandingStatement, 'id' | 'entry' | 'clock'>;

/**
 * Orders statements the same way on every node: by their entry's clock, then entry hash, then place
 * in the batch. An ancestor always comes before its descendants; among concurrent statements the
 * order says nothing about time.
 */
export function compareAge(a: Placed, b: Placed): number {
  if (a.clock !== b.clock) return a.clock - b.clock;
  if (a.entry !== b.entry) return a.entry < b.entry ? -1 : 1;
  return placeOf(a.id) - placeOf(b.id);
}

/** Returns the last in the order of {@link compareAge}, undefined of an empty list. */
export function newestOf<T extends Placed>(statements: Iterable<T>): T | undefined {
  let newest: T | undefined;
  for (const statement of statements) {
    if (newest === undefined || compareAge(newest, statement) < 0) newest = statement;
  }
  return newest;
}

function placeOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1));
}
