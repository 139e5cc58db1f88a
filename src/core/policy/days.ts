const DAY_MS = 86_400_000;

/** Returns the whole days from 1970-01-01 to a date or time in UTC. */
export function dayOf(time: string): number {
  const ms = Date.parse(time);
  if (!Number.isFinite(ms)) throw new RangeError(`${JSON.stringify(time)} is no point in time`);
  return Math.floor(ms / DAY_MS);
}

/** Returns the first second of a day, counted as in {@link dayOf}. */
export function startOfDay(day: number): string {
  return `${new Date(day * DAY_MS).toISOString().slice(0, 19)}Z`;
}
