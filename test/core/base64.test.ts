import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../src/core/base64.ts';

/** RFC 4648 §10. */
const VECTORS = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const;

describe('base64', () => {
  it.each(VECTORS)('writes and reads %j as %j', (text, expected) => {
    const bytes = new TextEncoder().encode(text);
    expect(toBase64(bytes)).toBe(expected);
    expect(fromBase64(expected)).toEqual(bytes);
  });

  it('writes bytes of any length as Node does, and reads them again', () => {
    const all = createHash('shake256', { outputLength: 100_001 }).update('bytes').digest();
    for (const length of [...Array(70).keys(), 65_535, 65_536, 100_001]) {
      const bytes = new Uint8Array(all.subarray(0, length));
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }
  });

  it('reads a part of a buffer from where it begins', () => {
    expect(toBase64(new TextEncoder().encode('-foobar').subarray(1))).toBe('Zm9vYmFy');
  });

  it.each(['Zg', 'Zg=', 'Zh==', 'Zm9', 'Zg==\n', ' Zg==', 'Z', '====', '-_-_', 'Zg==Zg==', 'é'])(
    'refuses %j, which is not the one canonical spelling of anything',
    (text) => {
      expect(fromBase64(text)).toBeUndefined();
    },
  );
});
