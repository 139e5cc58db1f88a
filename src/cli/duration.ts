import { ArchiveError } from '../core/errors.ts';

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Returns the seconds in 90s, 10m, 1h or 7d. @throws {ArchiveError} `usage_invalid`. */
export function secondsIn(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS_OF[unit] ?? 0);
  if (seconds > 0) return seconds;
  const what = `${JSON.stringify(text)} is no duration`;
  throw new ArchiveError('usage_invalid', `${what}; write 90s, 10m, 1h or 7d`);
}
