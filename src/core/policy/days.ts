const DAY_MS = 86_400_000;

/** Returns the whole days from 1970-01-01 to a date or time in UTC. */
export function dayOf(time: string): number {
  const ms = Date.parse(time);
  if (!Number.isFinite(ms)) throw new RangeError(`${JSON.stringify(time)} is no point in time`);
  return Math.floor(ms / DAY_MS);
}

/** The last day that a time can name: 9999-12-31. */
const LAST_DAY = 2_932_896;

/** Returns the first second of a day, counted as in {@link dayOf}; null for one that no time can name. */
export function startOfDay(day: number): string | null {
  if (day > LAST_DAY) return null;
  return `${new Date(day * DAY_MS).toISOString().slice(0, 19)}Z`;
}
