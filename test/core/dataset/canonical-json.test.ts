import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, type Json } from '../../../src/core/dataset/canonical-json.ts';

it('writes the example of RFC 8785, section 3.2.3, in the order of UTF-16 code units', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  expect(canonicalJson(value)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
      '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  );
});

it('sorts keys that look like numbers as text, at every depth', () => {
  expect(canonicalJson({ a: [{ 10: 1, 9: 2 }], '-': null })).toBe(
    '{"-":null,"a":[{"10":1,"9":2}]}',
  );
});

it('loses nothing and does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (drawn) => {
      const value: Json = JSON.parse(JSON.stringify(drawn));
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(value);
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
  );
});

it('refuses what is not a JSON number', () => {
  expect(() => canonicalJson([Number.NaN])).toThrow(
    expect.objectContaining({ code: 'input_invalid' }),
  );
});

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([key, field]): [string, Json] => [
    key,
    reversed(field),
  ]);
  return Object.fromEntries(fields.toReversed());
}
