import { describe, expect, it } from 'vitest';
import type { CopySample } from '../../../src/core/ports/copy-history.ts';
import { keptSamples } from '../../../src/core/sharing/kept-samples.ts';
import { signerOf } from '../../support/keys.ts';

const [a, b] = [signerOf('a').did, signerOf('b').did];
const NOW = '2026-04-01T12:00:00Z';
const sample = (did: CopySample['did'], at: string, proven = 0): CopySample => ({
  ...{ did, at, connected: true, toTake: 0, toGive: 0, wanted: 9, proven, lost: 0 },
});
const hoursBefore = (hours: number) =>
  `${new Date(Date.parse(NOW) - hours * 3_600_000).toISOString().slice(0, 19)}Z`;

describe('what is kept of how partners stood', () => {
  it('is the last of each hour, node by node', () => {
    const samples = [
      sample(a, '2026-04-01T11:01:00Z', 1),
      sample(b, '2026-04-01T11:02:00Z', 2),
      sample(a, '2026-04-01T11:59:00Z', 3),
      sample(a, '2026-04-01T12:00:00Z', 4),
    ];
    expect(keptSamples(samples, NOW).map(({ proven }) => proven)).toEqual([2, 3, 4]);
    expect(keptSamples(samples.toReversed(), NOW).map(({ proven }) => proven)).toEqual([2, 3, 4]);
  });

  it('is an hour each of a week, a day each of 90 days, and nothing older or of days to come', () => {
    const samples = Array.from({ length: 24 * 120 }, (_, hours) => sample(a, hoursBefore(hours)));
    const kept = keptSamples([sample(a, hoursBefore(-48)), ...samples], NOW);
    const days = kept.map(({ at }) => (Date.parse(NOW) - Date.parse(at)) / 86_400_000);
    expect(days.filter((day) => day <= 7)).toHaveLength(7 * 24 + 1);
    expect(days.filter((day) => day > 7)).toHaveLength(84);
    expect(Math.max(...days)).toBeLessThanOrEqual(90);
    expect(Math.min(...days)).toBe(0);
    expect(keptSamples(kept, NOW)).toEqual(kept);
  });

  it('is never more than so much, however many partners there are', () => {
    const many = Array.from({ length: 21_000 }, (_, place) =>
      sample(`${a}${place}` as CopySample['did'], hoursBefore(place % 100)),
    );
    const kept = keptSamples(many, NOW);
    expect(kept).toHaveLength(20_000);
    expect(kept.at(-1)?.at).toBe(NOW);
  });
});
