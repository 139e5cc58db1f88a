import { describe, expect, it } from 'vitest';
import {
  defectBound,
  drawsOf,
  sampleSeed,
  sampleSize,
} from '../../../../src/core/policy/sampling/draws.ts';
import { type DrawReview, judgeSample } from '../../../../src/core/policy/sampling/judge-sample.ts';
import { documentCid, hex, sha256 } from '../../../support/statement-bodies.ts';

const seed = hex('seed');

describe('draws', () => {
  it('are the same for everybody, distinct, and other ones for another seed or size', () => {
    const draws = drawsOf({ seed, size: 300 }, 100_000, sha256);
    expect(new Set(draws).size).toBe(300);
    expect(draws.every((place) => place >= 0 && place < 100_000)).toBe(true);
    // From a program of a few lines in another language.
    expect(draws.slice(0, 5)).toEqual([81_655, 54_744, 91_627, 83_981, 36_069]);
    expect(drawsOf({ seed: hex('other'), size: 300 }, 100_000, sha256)).not.toEqual(draws);
    expect(drawsOf({ seed, size: 600 }, 100_000, sha256).slice(0, 300)).not.toEqual(draws);
  });

  it('are all items where there are fewer', () => {
    expect(drawsOf({ seed, size: 300 }, 3, sha256)).toEqual([0, 1, 2]);
    expect([sampleSize(0, 100_000), sampleSize(2, 100_000), sampleSize(2, 700)]).toEqual([
      300, 1200, 700,
    ]);
  });

  it('reach every place about as often', () => {
    const hits = new Map<number, number>();
    for (let i = 0; i < 400; i += 1) {
      for (const place of drawsOf({ seed: hex(`${i}`), size: 5 }, 10, sha256)) {
        hits.set(place, (hits.get(place) ?? 0) + 1);
      }
    }
    expect([...hits.values()].every((count) => count > 150 && count < 250)).toBe(true);
  });

  it('bound the share of defects as the binomial distribution does', () => {
    expect([300, 600, 1200].map(defectBound)).toEqual([1, 0.5, 0.3]);
  });

  it('hang on the set and on the root', () => {
    const one = sampleSeed(documentCid('set'), hex('root'), sha256);
    expect(one).not.toBe(sampleSeed(documentCid('set'), hex('other root'), sha256));
    expect(one).not.toBe(sampleSeed(documentCid('other set'), hex('root'), sha256));
  });
});

describe('a sample', () => {
  /** Reviews in the order of their numbers, each in view of all before it. */
  const isBefore = (a: { at: number }, b: { at: number }) => a.at < b.at;
  const looked = (size: number, at: number, defect = -1, seeded = seed) =>
    Array.from({ length: size }, (_, draw) => ({
      ...{ id: `${at + draw}/0`, at: at + draw, draw, isDefect: draw === defect },
      attempt: { seed: seeded, size },
    }));
  type Looked = DrawReview & { readonly at: number };
  const judged = (reviews: readonly Looked[], others: readonly Looked[] = [], count = 100_000) => {
    const { outcome, size, failures, later } = judgeSample(count, { reviews, others }, isBefore);
    return { outcome, size, failures, later: later.map(({ id }) => id) };
  };

  it('is clean when every draw of one attempt is confirmed, whoever comes twice or out of order', () => {
    const all = looked(300, 0);
    expect(judged(all.slice(1)).outcome).toBe('none');
    // The same draw once more does not stand in for another.
    expect(judged([...all.slice(1), ...looked(2, 900).slice(1)]).outcome).toBe('none');
    expect(judged(all.toReversed())).toMatchObject({ outcome: 'clean', size: 300, later: [] });
  });

  it('fails by one defect, also where somebody else confirms the same draw', () => {
    expect(judged([...looked(300, 0), ...looked(300, 300, 7)]).outcome).toBe('defect');
  });

  it('has to be twice as large after each attempt that failed, under whatever seed', () => {
    const failed = looked(300, 0, 299);
    const again = looked(300, 1000, -1, hex('another seed'));
    expect(judged([...failed, ...again]).outcome).toBe('defect');
    expect(judged([...failed, ...looked(600, 1000)])).toMatchObject({
      outcome: 'clean',
      size: 600,
    });
    const twice = [...failed, ...looked(600, 1000, 0)];
    expect(judged([...twice, ...looked(600, 3000, -1, hex('z'))]).outcome).toBe('defect');
    expect(judged([...twice, ...looked(1200, 3000)])).toMatchObject({ size: 1200, failures: 2 });
  });

  it('counts the failures of earlier attestations of the same assets', () => {
    expect(judged(looked(300, 1000), looked(300, 0, 5)).outcome).toBe('none');
    expect(judged(looked(600, 1000), looked(300, 0, 5)).outcome).toBe('clean');
  });

  it('stays clean and names the defect that is found afterwards, or at the same time', () => {
    const found = { id: 'found/0', at: 500, draw: 0, isDefect: true, attempt: null };
    expect(judged([...looked(300, 0), found])).toMatchObject({
      outcome: 'clean',
      later: ['found/0'],
    });
    const meanwhile = { ...found, at: 150 };
    expect(judged([...looked(300, 0), meanwhile]).later).toEqual(['found/0']);
    expect(judged([...looked(300, 1000), meanwhile]).outcome).toBe('defect');
  });

  it('is of all items where there are fewer', () => {
    expect(judged(looked(12, 0), [], 12)).toMatchObject({ outcome: 'clean', size: 12 });
  });
});
