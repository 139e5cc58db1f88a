import * as dagCbor from '@ipld/dag-cbor';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toHex } from '../../../src/core/hash.ts';
import { encodeCanonical } from '../../../src/core/statements/canonical-cbor.ts';

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

it('writes the bytes that @ipld/dag-cbor writes', () => {
  fc.assert(
    fc.property(plainData, (value) => {
      expect(toHex(encodeCanonical(value))).toBe(toHex(dagCbor.encode(value)));
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ['integers at the borders of their widths', [23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1]],
  ['the greatest and smallest integers', [2 ** 32, 2 ** 53 - 1, -1, -24, -25, -(2 ** 53 - 1)]],
  ['zero with a sign', [0, -0]],
  ['strings at the borders of their widths', ['a'.repeat(23), 'a'.repeat(24), 'a'.repeat(70_000)]],
  ['long text that is not ASCII', ['é'.repeat(200), `${'a'.repeat(95)}é`]],
  ['a value larger than any before', new Uint8Array(300_000)],
  ['keys by length, then by letters', { bb: 1, a: 2, aa: 3, '': 4, b: 5 }],
  ['keys that are not ASCII', { é: 1, zz: 2, z: 3 }],
  ['maps without a prototype', Object.assign(Object.create(null), { b: 1, a: 2 })],
])('writes %s like the library', (_what, value) => {
  expect(toHex(encodeCanonical(value))).toBe(toHex(dagCbor.encode(value)));
});

it('refuses what the library refuses', () => {
  for (const value of [undefined, { a: undefined }, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => dagCbor.encode(value)).toThrow();
    expect(() => encodeCanonical(value)).toThrow();
  }
});
