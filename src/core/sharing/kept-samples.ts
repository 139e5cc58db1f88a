import type { CopySample } from '../ports/copy-history.ts';

/** Within a week one sample an hour is kept of each node, before that one a day. */
const HOURLY_DAYS = 7;
/** Days after which nothing is kept. */
export const HISTORY_DAYS = 90;
/** Of all nodes together; the oldest go first. */
const MOST_SAMPLES = 20_000;

const DAY_MS = 86_400_000;
/** `2026-11-29` and `2026-11-29T07`. */
const [DAY, HOUR] = [10, 13];

/**
 * Returns those of the samples that are kept at this time, the oldest first: of each node the last of every
 * hour, or day where it is longer ago. What a clock that was wrong has dated after this time is not kept.
 */
export function keptSamples(samples: readonly CopySample[], at: string): readonly CopySample[] {
  const kept = new Map<string, CopySample>();
  const now = Date.parse(at);
  for (const sample of samples) {
    const days = (now - Date.parse(sample.at)) / DAY_MS;
    if (days < 0 || days > HISTORY_DAYS) continue;
    const key = `${sample.did} ${sample.at.slice(0, days > HOURLY_DAYS ? DAY : HOUR)}`;
    const other = kept.get(key);
    if (other === undefined || other.at <= sample.at) kept.set(key, sample);
  }
  return [...kept.values()].sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-MOST_SAMPLES);
}
