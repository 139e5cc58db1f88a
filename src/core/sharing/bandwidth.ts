/** What a node may use of its line, by time of day. */
export interface Bandwidth {
  /** Bytes per second outside of the hours below; undefined for as much as there is. */
  readonly bytesPerSecond?: number | undefined;
  /** Hours with a rate of their own; the first that holds counts. 0 means no transfers. */
  readonly hours?: readonly BandwidthHours[] | undefined;
}

export interface BandwidthHours {
  /** UTC, `22:00`; `to` may be on the next day. */
  readonly from: string;
  readonly to: string;
  readonly bytesPerSecond: number;
}

const DAY_MINUTES = 1440;

/** Returns the rate at this moment in bytes per second, infinite where there is no cap. */
export function rateAt({ bytesPerSecond, hours = [] }: Bandwidth, nowMs: number): number {
  const minute = Math.floor(nowMs / 60_000) % DAY_MINUTES;
  const holding = hours.find(({ from, to }) => isBetween(minute, minuteOf(from), minuteOf(to)));
  return holding?.bytesPerSecond ?? bytesPerSecond ?? Number.POSITIVE_INFINITY;
}

function isBetween(minute: number, from: number, to: number): boolean {
  return from <= to ? from <= minute && minute < to : minute >= from || minute < to;
}

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}
