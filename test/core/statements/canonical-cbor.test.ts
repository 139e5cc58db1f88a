import * as dagCbor from '@ipld/dag-cbor';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toHex } from '../../../src/core/hash.ts';
import { encodeCanonical } from '../../../src/core/statements/canonical-cbor.ts';
import { decodeCanonical } from '../../../src/core/statements/decode-canonical.ts';

const plainData = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.string(),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('any')),
    fc.dictionary(fc.string(), tie('any')),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('any')),
  ),
})).any;

/** What is written must be what the library writes, and be read back; the rest is left to it. */
function writes(value: unknown): boolean {
  const written = encodeCanonical(value);
  if (written === undefined) return false;
  expect(toHex(written)).toBe(toHex(dagCbor.encode(value)));
  const read = decodeCanonical(written);
  // A key such as "__proto__" is left to the library by the reader alone.
  if (read === undefined) return false;
  expect(read).toEqual(dagCbor.decode(written));
  return true;
}

it('writes the bytes that @ipld/dag-cbor writes, and reads them as it does, or leaves them to it', () => {
  let written = 0;
  fc.assert(
    fc.property(plainData, (value) => {
      written += writes(value) ? 1 : 0;
    }),
    { numRuns: 2_000 },
  );
  expect(written).toBeGreaterThan(500);
});

it('reads any bytes as @ipld/dag-cbor does, and none that it would write otherwise', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const value = decodeCanonical(bytes);
      if (value === undefined) return;
      expect(value).toEqual(dagCbor.decode(bytes));
      expect(toHex(dagCbor.encode(value))).toBe(toHex(bytes));
    }),
    { numRuns: 20_000 },
  );
});

it('reads no block with one bit changed otherwise than the library, nor in another form', () => {
  fc.assert(
    fc.property(plainData, fc.nat(), (value, bit) => {
      const bytes = Uint8Array.from(dagCbor.encode(value));
      const at = (bit >> 3) % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      const read = decodeCanonical(bytes);
      if (read === undefined) return;
      expect(read).toEqual(dagCbor.decode(bytes));
      expect(toHex(dagCbor.encode(read))).toBe(toHex(bytes));
    }),
    { numRuns: 5_000 },
  );
});

it.each([
  ['integers at the borders of their widths', [23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1]],
  ['the greatest and smallest integers', [2 ** 32, 2 ** 53 - 1, -1, -24, -25, -(2 ** 53 - 1)]],
  ['strings at the borders of their widths', ['a'.repeat(23), 'a'.repeat(24), 'a'.repeat(70_000)]],
  ['long text that is not ASCII', ['é'.repeat(200), `${'a'.repeat(95)}é`]],
  ['a value larger than any before', new Uint8Array(300_000)],
  ['keys by length, then by letters', { bb: 1, a: 2, aa: 3, '': 4, b: 5 }],
  ['more keys than are sorted by hand', Object.fromEntries([...'zyxwvutsrqponmlkj'].entries())],
  ['keys named like what every object has', { constructor: 1, toString: 2 }],
  ['maps without a prototype', Object.assign(Object.create(null), { b: 1, a: 2 })],
])('writes %s like the library', (_what, value) => {
  expect(writes(value)).toBe(true);
});

it.each([
  ['zero with a sign', -0],
  ['a fraction', 0.5],
  ['no number', Number.NaN],
  ['an integer that is not exact', 2 ** 53],
  ['a key that is not ASCII', { é: 1 }],
  ['half a letter', '\ud800'],
  ['half a letter in a long text', `${'a'.repeat(200)}\udc00`],
  ['nothing', { a: undefined }],
  ['an object of a class', { a: new Date(0) }],
  ['seventeen levels', JSON.parse(`${'['.repeat(17)}0${']'.repeat(17)}`)],
])('leaves %s to others', (_what, value) => {
  expect(encodeCanonical(value)).toBeUndefined();
});
