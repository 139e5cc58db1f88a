import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberSet } from '../../../src/catalog/reading/number-set.ts';

it('counts like a set, whatever is added and deleted in which order', () => {
  const value = fc.oneof(fc.nat(70), fc.nat(20_000), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), value)), (steps) => {
      const [numbers, known] = [new NumberSet(), new Set<number>()];
      for (const [isAdded, one] of steps) {
        if (isAdded) numbers.add(one);
        else numbers.delete(one);
        if (isAdded) known.add(one);
        else known.delete(one);
        expect(numbers.size).toBe(known.size);
      }
      for (const one of known) numbers.delete(one);
      expect(numbers.size).toBe(0);
    }),
  );
});
