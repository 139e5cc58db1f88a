import { base32upper } from 'multiformats/bases/base32';
import { expect, it } from 'vitest';
import { isSameContent } from '../../../src/core/renditions/sameness.ts';

/** The facts of a picture whose codes have so many bits. */
function picture(bits: number, pdqQuality = 90) {
  const code = Buffer.alloc(32);
  for (let bit = 0; bit < bits; bit += 1) code[bit >> 3] = (code[bit >> 3] ?? 0) | (1 << (bit & 7));
  const image = `ISCC:${base32upper.baseEncode(Buffer.concat([Buffer.from([0x20, 0x07]), code]))}`;
  return { units: { image }, pdq: code.toString('hex'), pdqQuality };
}

it('two files are of one content if their codes differ by rounding alone', () => {
  expect(isSameContent(picture(0), picture(8))).toBe(true);
  expect(isSameContent(picture(0), picture(9))).toBe(false);
});

it('of flat pictures, texts and what has no codes nothing is said', () => {
  expect(isSameContent(picture(0), picture(0, 10))).toBe(false);
  expect(isSameContent({}, {})).toBe(false);
  const { pdq: _pdq, ...text } = { ...picture(0), characters: 1000 };
  const words = { ...text, units: { text: picture(0).units.image } };
  expect(isSameContent(words, words)).toBe(false);
});
