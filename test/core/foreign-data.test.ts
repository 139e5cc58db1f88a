import { expect, it } from 'vitest';
import { z } from 'zod';
import { faultOf, listOf, mapOf } from '../../src/core/foreign-data.ts';
import { readStatement } from '../../src/core/statements/statement.ts';
import { AT } from '../support/deposits.ts';
import { assetCid } from '../support/statement-bodies.ts';

const numbers = listOf(z.number(), { max: 300_000 });
const ages = mapOf(z.string().max(3), z.number());

const manyNames = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, value]));

it('reads lists and maps as zod does', () => {
  expect(numbers.parse([1, 2])).toEqual([1, 2]);
  expect(ages.parse({ ann: 3 })).toEqual({ ann: 3 });
  for (const value of [undefined, null, {}, 'text', new Uint8Array(3)]) {
    expect(numbers.safeParse(value).success, String(value)).toBe(false);
  }
  for (const value of [undefined, null, [], 'text', new Uint8Array(3), { long: 1 }]) {
    expect(ages.safeParse(value).success, String(value)).toBe(false);
  }
  expect(listOf(z.number(), { max: 1 }).safeParse([1, 2]).success).toBe(false);
});

it('stops at the first fault, which it names', () => {
  const deep = listOf(listOf(z.number()));
  const read = deep.safeParse([[1], [2, 'x', 'y'], ['z']]);
  expect(read.error?.issues).toMatchObject([{ path: [1, 1] }]);
  expect(numbers.safeParse(new Array(300_000).fill('x')).error?.issues).toHaveLength(1);
  expect(ages.safeParse({ ann: 1, bob: 'x', cy: 'y' }).error?.issues).toMatchObject([
    { path: ['bob'] },
  ]);
});

it('gives the names of a map in one order, however they came', () => {
  expect(Object.keys(ages.parse({ bob: 2, ann: 3 }))).toEqual(['ann', 'bob']);
});

it('gives no map another prototype', () => {
  const read = ages.parse(JSON.parse('{"__proto__":{"x":1},"ann":3}'));
  expect([Object.keys(read), Object.getPrototypeOf(read)]).toEqual([['ann'], Object.prototype]);
});

it('says what is wrong in few words, however much is', () => {
  const read = z.strictObject({}).safeParse(manyNames(50_000, 1));
  expect(read.success || faultOf(read.error).length).toBeLessThan(600);
});

it('a statement with two hundred thousand bad facts is merely bad', () => {
  const facts = manyNames(200_000, new Uint8Array(0));
  const one = { inspector: 'x', version: 1, outcome: 'found', facts };
  const outline = { kind: 'finding', v: 1, about: { asset: assetCid('a') }, at: AT };
  const reading = readStatement({ ...outline, body: { findings: [one], record: null } });
  expect(reading).toMatchObject({ outcome: 'bad', problem: expect.stringContaining('facts.n0') });
});
