import { describe, expect, it } from 'vitest';
import { contentCodesOf } from '../../../src/core/likeness/content-codes.ts';
import { LIKENESS_LIMITS, likenessOf } from '../../../src/core/likeness/likeness.ts';

const image = 'ISCC:EED3NBVFLIPL2GMJNQGUXNB4PMZRHBVFLIPL2GNJDYGUXNB4HMZRGPI';
const pdq = '0123456789abcdef'.repeat(4);

describe('the codes in a finding', () => {
  it('are those of a picture in which there is enough to see', () => {
    const facts = { units: { image }, pdq, pdqQuality: 50 };
    expect(contentCodesOf(facts, LIKENESS_LIMITS)).toMatchObject({ kind: 'picture' });
    expect(contentCodesOf({ ...facts, pdqQuality: 49 }, LIKENESS_LIMITS)).toBeUndefined();
  });

  it('are those of a text that says enough, whether or not its passages were counted', () => {
    const facts = { units: { text: image }, characters: 300 };
    for (const one of [facts, { ...facts, passages: 150 }]) {
      expect(contentCodesOf(one, LIKENESS_LIMITS)).toMatchObject({ kind: 'text' });
    }
  });

  it.each([
    ['a short text', { units: { text: image }, characters: 299 }],
    ['one line many times', { units: { text: image }, characters: 9000, passages: 149 }],
    ['silence', { units: { audio: image }, sounds: 1 }],
    ['no units', { pdq, pdqQuality: 100 }],
    ['units that are none', { units: ['x'], pdq, pdqQuality: 100 }],
    ['a hash that is none', { units: { image }, pdq: 'zz', pdqQuality: 100 }],
    ['a unit of another length', { units: { text: image.slice(0, 30) }, characters: 5000 }],
  ])('are none for %s', (_, facts) => {
    expect(contentCodesOf(facts, LIKENESS_LIMITS)).toBeUndefined();
  });
});

describe('likeness', () => {
  it.each([
    [{ pdq: 56, image: 48 }, 'same'],
    [{ pdq: 57, image: 48 }, 'related'],
    [{ pdq: 64, image: 200 }, 'related'],
    [{ pdq: 65, image: 49 }, undefined],
    [{ text: 40 }, 'same'],
    [{ text: 64 }, 'related'],
    [{ text: 65 }, undefined],
    [{}, undefined],
  ] as const)('of %j is %s', (distances, likeness) => {
    expect(likenessOf(distances, LIKENESS_LIMITS)).toBe(likeness);
  });
});
