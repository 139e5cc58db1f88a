import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfName, textOfName } from '../../../src/intake/files/text-of-name.ts';
import { quote } from '../../../src/intake/quote.ts';

describe('the text form of a file name', () => {
  it.each([
    ['plain.jpg', Buffer.from('plain.jpg')],
    ['Düne – 沙丘 🏜.png', Buffer.from('Düne – 沙丘 🏜.png')],
    ['line\nbreak\u0007', Buffer.from('line\nbreak\u0007')],
    ['caf\\xe9.jpg', Buffer.from('caf\xe9.jpg', 'latin1')],
    ['\\xff\\xfe', Buffer.from([0xff, 0xfe])],
    ['\\xed\\xa0\\x80', Buffer.from([0xed, 0xa0, 0x80])],
    ['cut \\xe2\\x82', Buffer.from([0x63, 0x75, 0x74, 0x20, 0xe2, 0x82])],
    ['a\\b', Buffer.from('a\\b')],
    ['\\x5cx41', Buffer.from('\\x41')],
    ['\\\\xff', Buffer.from('\\\xff', 'latin1')],
  ])('shows %j', (text, bytes) => {
    expect(textOfName(bytes)).toBe(text);
    expect(bytesOfName(text)).toEqual(bytes);
  });

  it('gives back the exact bytes of any name', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc
        .constantFrom('\\', 'x', '\\x', '\\x4', '\\x41', 'é', '5c')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        expect(bytesOfName(textOfName(bytes))).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});

it('quotes a name on one line, whatever it holds', () => {
  expect(quote('a\nb\tc\u001b[2J\u202e')).toBe('"a\\nb\\tc\\u{1b}[2J\\u{202e}"');
  expect(quote('x'.repeat(500)).length).toBeLessThan(130);
});
