import { expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import { type Withholding, withheldAlong } from '../../../src/core/policy/withholding.ts';

const NOTHING_KNOWN: ReadonlyMap<Cid, readonly Withholding[]> = new Map();
const nodes = new Map<string, { withheld: Withholding[]; masters: string[] }>();
const read = (work: Cid) => nodes.get(work) as { withheld: Withholding[]; masters: Cid[] };

it('finds what is said along chains and cycles of any length, looking at each work once', () => {
  const length = 50_000;
  let asked = 0;
  for (let at = 0; at < length; at += 1) {
    // Each names the next, itself, and one further on; the last one the first.
    const masters = [(at + 1) % length, at, (at + 7) % length].map(String);
    nodes.set(`${at}`, { withheld: at === 31_000 ? ['withdrawn', 'stopped'] : [], masters });
  }
  const counted = (work: Cid) => {
    asked += 1;
    return read(work);
  };
  expect(withheldAlong('5' as Cid, counted, NOTHING_KNOWN)).toEqual(['stopped', 'withdrawn']);
  expect(asked).toBe(length);
});

it('goes no further where it was before', () => {
  nodes.set('x', { withheld: [], masters: ['y'] });
  nodes.delete('y');
  const known = new Map<Cid, readonly Withholding[]>([['y' as Cid, ['withdrawn']]]);
  expect(withheldAlong('x' as Cid, read, known)).toEqual(['withdrawn']);
  expect(withheldAlong('x' as Cid, read, NOTHING_KNOWN)).toEqual([]);
});
