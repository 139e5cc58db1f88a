/** How far clocks may be apart. */
const SKEW_MS = 300_000;

/** Says whether a time that another machine states (RFC 3339) is at most five minutes from `now` (milliseconds since 1970). */
export function isNow(stated: string, now: number): boolean {
  return Math.abs(Date.parse(stated) - now) <= SKEW_MS;
}
