import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBlock } from '../../../src/core/statements/block.ts';
import {
  commitName,
  type DepositRecord,
  decodeRecord,
  encodeRecord,
  saltedId,
} from '../../../src/core/statements/record.ts';
import { sha256 } from '../../support/statement-bodies.ts';

const refused = expect.objectContaining({ code: 'input_invalid' });
const nonce = new Uint8Array(16).fill(7);
const salt = fc.uint8Array({ minLength: 16, maxLength: 16 });
const words = fc.string({ unit: 'grapheme', maxLength: 100 });

const depositRecord: fc.Arbitrary<DepositRecord> = fc.record({
  type: fc.constant('deposit' as const),
  title: words,
  filename: words,
  makers: fc.array(fc.record({ name: words.filter((name) => name !== ''), salt }), {
    maxLength: 3,
  }),
  dateText: words,
  earliest: fc.constantFrom('', '1901-01-01'),
  latest: fc.constantFrom('', '1901-12-31'),
  source: words,
  notes: words,
  tags: fc.array(words, { maxLength: 3 }),
  language: fc.constantFrom('', 'en', 'de-CH'),
  catalogue: words,
});

describe('a record', () => {
  it('is read back as it was written, in any script', () => {
    fc.assert(
      fc.property(depositRecord, salt, (data, fresh) => {
        expect(decodeRecord(encodeRecord(data, fresh, sha256).bytes)).toEqual(data);
      }),
    );
  });

  it('of the same words has another CID with another nonce, so nobody can guess it', () => {
    const note = { type: 'note', text: 'the same words' } as const;
    const other = encodeRecord(note, new Uint8Array(16).fill(8), sha256);
    expect(other.cid).not.toBe(encodeRecord(note, nonce, sha256).cid);
  });

  it.each([
    ['a short nonce', { v: 1, nonce: new Uint8Array(15), data: { type: 'note', text: '' } }],
    ['another type', { v: 1, nonce, data: { type: 'poem', text: '' } }],
    ['another version', { v: 2, nonce, data: { type: 'note', text: '' } }],
    ['a field more', { v: 1, nonce, data: { type: 'note', text: '', mood: 'good' } }],
    ['too much text', { v: 1, nonce, data: { type: 'note', text: 'x'.repeat(10_001) } }],
  ])('with %s is refused', (_, content) => {
    expect(() => decodeRecord(encodeBlock(content, sha256).bytes)).toThrow(refused);
  });
});

describe('a commitment', () => {
  it('is SHA-256 over label, zero byte, salt and name', () => {
    const expected = sha256(
      Buffer.concat([Buffer.from('ringfence name 1\0'), nonce, Buffer.from('Zoë')]),
    );
    expect(commitName('Zoë', nonce, sha256)).toBe(Buffer.from(expected).toString('hex'));
  });

  it('is the same for the same name in another Unicode form, and differs by salt and name', () => {
    const other = new Uint8Array(16).fill(8);
    expect(commitName('Zoe\u0308', nonce, sha256)).toBe(commitName('Zo\u00eb', nonce, sha256));
    expect(commitName('Zoë', other, sha256)).not.toBe(commitName('Zoë', nonce, sha256));
    expect(commitName('Zoe', nonce, sha256)).not.toBe(commitName('Zoë', nonce, sha256));
  });

  it('gives a salted id by its first half', () => {
    expect(commitName('shelf', nonce, sha256).startsWith(saltedId('shelf', nonce, sha256))).toBe(
      true,
    );
    expect(saltedId('shelf', nonce, sha256)).toMatch(/^[0-9a-f]{32}$/);
  });
});
