import { expect, it } from 'vitest';
import { parseRange } from '../../src/http/byte-range.ts';

it.each([
  ['bytes=0-0', { offset: 0, length: 1 }],
  ['bytes=0-', { offset: 0, length: 10 }],
  ['bytes=9-', { offset: 9, length: 1 }],
  ['bytes=3-5', { offset: 3, length: 3 }],
  ['bytes=3-500', { offset: 3, length: 7 }],
  ['bytes=-3', { offset: 7, length: 3 }],
  ['bytes=-500', { offset: 0, length: 10 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=999999999999999-', 'unsatisfiable'],
  ['bytes=3-18446744073709551615', { offset: 3, length: 7 }],
  ['bytes=-18446744073709551615', { offset: 0, length: 10 }],
  ['bytes=5-3', undefined],
  ['bytes=2-3,0-1', { offset: 2, length: 2 }],
  ['bytes=20-,0-1', { offset: 0, length: 2 }],
  ['bytes=20-, 30-', 'unsatisfiable'],
  ['bytes=0-1,3-2', undefined],
  ['bytes=0-1,x', undefined],
  [`bytes=${'0-1,'.repeat(3000)}`, { offset: 0, length: 2 }],
  ['bytes= 2-3 ,\t0-1', { offset: 2, length: 2 }],
  ['bytes=2-3 0-1', undefined],
  ['bytes=-', undefined],
  ['bytes=9999999999999999999999-', undefined],
  ['bytes=0x1-2', undefined],
  ['items=0-1', undefined],
  [undefined, undefined],
] as const)('reads %s of ten bytes', (header, expected) => {
  expect(parseRange(header, 10)).toEqual(expected);
});

it('finds no byte of an empty file', () => {
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
});

it.each(['1-1111 ', '1-1  ', '-11-11', '0-0,', '1\t', '\t', '1'])(
  'is soon done with thousands of %j',
  (part) => {
    const started = performance.now();
    parseRange(`bytes=${part.repeat(60_000 / part.length)}x`, 10);
    expect(performance.now() - started).toBeLessThan(1000);
  },
);
