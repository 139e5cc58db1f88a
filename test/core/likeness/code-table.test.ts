import { describe, expect, it } from 'vitest';
import { CodeTable } from '../../../src/core/likeness/code-table.ts';
import { seededBytes } from '../../support/environs.ts';

function distanceOf(a: Uint8Array, b: Uint8Array): number {
  return a.reduce(
    (sum, byte, at) => sum + (byte ^ (b[at] ?? 0)).toString(2).replaceAll('0', '').length,
    0,
  );
}

describe('a table of codes', () => {
  const random = seededBytes('codes');
  // More than the memory that a table begins with.
  const codes = Array.from({ length: 6000 }, () => random(32));
  const table = new CodeTable();
  for (const code of codes) table.add(code);

  it.each([0, 96, 105, 110, 256])('finds every code within %i bits, and no other', (most) => {
    const wanted = Uint8Array.from(codes[5999] ?? []);
    wanted[7] = (wanted[7] ?? 0) ^ (most === 0 ? 0 : 0b101);
    const expected = codes.flatMap((code, place) =>
      distanceOf(code, wanted) <= most ? [place] : [],
    );
    expect(table.within(wanted, most)).toEqual(expected);
    expect(expected).toContain(5999);
    expect(table.distance(5999, wanted)).toBe(most === 0 ? 0 : 2);
  });

  it('finds nothing while it is empty', () => {
    expect(new CodeTable().within(new Uint8Array(32), 256)).toEqual([]);
  });
});
