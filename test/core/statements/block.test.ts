import * as dagCbor from '@ipld/dag-cbor';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock, MAX_BLOCK_BYTES } from '../../../src/core/statements/block.ts';
import { documentCid, sha256 } from '../../support/statement-bodies.ts';

const refused = expect.objectContaining({ code: 'input_invalid' });

/** Everything a block can hold: short and long, plain and accented, keys that only CBOR orders. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, -1, 1, 23, 24, -24, -25, 255, 256, 65_535, 65_536),
    fc.constantFrom(2 ** 32 - 1, 2 ** 32, -(2 ** 32), -(2 ** 32) - 1),
    fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0.5, -1.25, 1e-300),
    fc.maxSafeInteger(),
    fc.string({ maxLength: 400 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 30 }), tie('value'), { maxKeys: 6 }),
  ),
}));

describe('a block', () => {
  it('is read back as it was written, and is what @ipld/dag-cbor writes', () => {
    fc.assert(
      fc.property(value, (content) => {
        const block = encodeBlock(content, sha256);
        expect(Buffer.compare(block.bytes, dagCbor.encode(content))).toBe(0);
        expect(decodeBlock(block.bytes)).toEqual(content);
        expect(encodeBlock(decodeBlock(block.bytes), sha256)).toEqual(block);
      }),
      { numRuns: 1000 },
    );
  });

  it('of other bytes has another CID, and bytes decide', () => {
    const [a, b] = [encodeBlock({ a: 1, b: 2 }, sha256), encodeBlock({ b: 2, a: 1 }, sha256)];
    expect(a.cid).toBe(b.cid);
    expect(encodeBlock({ a: 1, b: 3 }, sha256).cid).not.toBe(a.cid);
  });

  it.each([
    ['no bytes', ''],
    ['a byte too many', 'a0f6'],
    ['a cut-off map', 'a161'],
    ['keys out of order', 'a2616201616101'],
    ['a longer key before a shorter one', 'a262616101616201'],
    ['a key twice', 'a2616101616102'],
    ['a number in too many bytes', 'a161611801'],
    ['a length in too many bytes', 'a1616178016b'],
    ['a list of open length', '9f01ff'],
    ['a string of open length', '7f616161ffff'],
    ['an integer as float', 'fb3ff0000000000000'],
    ['a float in half precision', 'f93c00'],
    ['minus zero', 'fb8000000000000000'],
    ['not a number', 'fb7ff8000000000000'],
    ['infinity', 'fb7ff0000000000000'],
    ['undefined', 'f7'],
    ['an unknown simple value', 'f820'],
    ['an integer beyond the safe ones', '1b0020000000000001'],
    ['a negative one beyond the safe ones', '3b0020000000000001'],
    ['a tag', 'c11a514b67b0'],
    ['text that is no UTF-8', '62c328'],
    ['a map with a number as key', 'a10102'],
  ])('with %s is refused', (_, hex) => {
    expect(() => decodeBlock(Buffer.from(hex, 'hex'))).toThrow(refused);
  });

  it('with a link is refused: a reader would be made to fetch', () => {
    const linked = dagCbor.encode({ link: CID.parse(documentCid('elsewhere')) });
    expect(() => decodeBlock(linked)).toThrow(refused);
    expect(() => encodeBlock({ link: CID.parse(documentCid('x')) }, sha256)).toThrow(refused);
  });

  it.each([
    ['undefined', { a: undefined }],
    ['a big integer', { a: 1n }],
    ['a date', { a: new Date(0) }],
    ['a map object', { a: new Map() }],
    ['a function', { a: () => 1 }],
    ['an unsafe integer', { a: 2 ** 53 }],
    ['not a number', { a: Number.NaN }],
    ['half a letter', { a: '\ud800' }],
    ['half a letter in a key', { '\ud800': 1 }],
  ])('is not written with %s', (_, content) => {
    expect(() => encodeBlock(content, sha256)).toThrow(refused);
  });

  it('is at most 16 levels deep', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(decodeBlock(encodeBlock(nested(16), sha256).bytes)).toEqual(nested(16));
    expect(() => encodeBlock(nested(17), sha256)).toThrow(refused);
    expect(() => decodeBlock(dagCbor.encode(nested(17)))).toThrow(refused);
    expect(() => decodeBlock(Buffer.from('81'.repeat(200_000), 'hex'))).toThrow(refused);
  });

  it('is at most 1 MiB', () => {
    // Five bytes of head before the byte string.
    const fits = new Uint8Array(MAX_BLOCK_BYTES - 5);
    expect(encodeBlock(fits, sha256).bytes).toHaveLength(MAX_BLOCK_BYTES);
    const tooMuch = new Uint8Array(MAX_BLOCK_BYTES - 4);
    expect(() => encodeBlock(tooMuch, sha256)).toThrow(refused);
    expect(() => decodeBlock(dagCbor.encode(tooMuch))).toThrow(refused);
  });

  it('made of any bytes at all is read or refused, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          const content = decodeBlock(bytes);
          expect(Buffer.compare(encodeBlock(content, sha256).bytes, bytes)).toBe(0);
        } catch (error) {
          expect(error).toEqual(refused);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
