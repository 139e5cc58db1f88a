import fc from 'fast-check';
import { base58btc } from 'multiformats/bases/base58';
import { describe, expect, it } from 'vitest';
import { didFromPublicKey, isDid, publicKeyOf } from '../../../src/core/entries/did-key.ts';

const refused = expect.objectContaining({ code: 'input_invalid' });

/** Example of the did:key method specification (W3C CCG), with its key in base58. */
const EXAMPLE = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';

describe('a did:key', () => {
  it('is the example of the specification for its key', () => {
    expect(didFromPublicKey(publicKeyOf(EXAMPLE))).toBe(EXAMPLE);
    expect(Buffer.from(publicKeyOf(EXAMPLE)).toString('hex')).toBe(
      '2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6',
    );
  });

  it('of any 32 bytes is read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const did = didFromPublicKey(key);
        expect(isDid(did)).toBe(true);
        expect(Buffer.compare(publicKeyOf(did), key)).toBe(0);
      }),
    );
  });

  it('has one spelling', () => {
    const changed = fc.tuple(fc.nat({ max: EXAMPLE.length - 1 }), fc.string({ maxLength: 1 }));
    fc.assert(
      fc.property(changed, ([place, letter]) => {
        const text = EXAMPLE.slice(0, place) + letter + EXAMPLE.slice(place + 1);
        if (isDid(text)) expect(didFromPublicKey(publicKeyOf(text))).toBe(text);
        else expect(() => publicKeyOf(text)).toThrow(refused);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['another kind of key (X25519)', `did:key:${encoded(0xec, 32)}`],
    ['a short key', `did:key:${encoded(0xed, 31)}`],
    ['a long key', `did:key:${encoded(0xed, 33)}`],
    ['another method', EXAMPLE.replace('did:key:', 'did:web:')],
    ['a fragment', `${EXAMPLE}#key`],
    ['capitals', EXAMPLE.toUpperCase()],
    ['nothing', ''],
  ])('with %s is refused', (_, text) => {
    expect(isDid(text)).toBe(false);
    expect(() => publicKeyOf(text)).toThrow(refused);
  });

  it('is made of 32 bytes only', () => {
    expect(() => didFromPublicKey(new Uint8Array(31))).toThrow(RangeError);
    expect(isDid(42)).toBe(false);
  });
});

function encoded(codec: number, length: number): string {
  return base58btc.encode(Uint8Array.of(codec, 1, ...new Uint8Array(length).fill(9)));
}
