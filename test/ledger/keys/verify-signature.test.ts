import { expect, it } from 'vitest';
import { didFromPublicKey } from '../../../src/core/entries/did-key.ts';
import { fromHex } from '../../../src/core/hash.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { signerOf } from '../../support/keys.ts';

const ana = signerOf('ana');
const bytes = Buffer.from('an entry');
const signature = Uint8Array.from(ana.sign(bytes));

/** The order of the group, RFC 8032 §5.1. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

it('takes a signature by that key over those bytes', () => {
  expect(verifySignature(ana.did, bytes, signature)).toBe(true);
});

it('takes the second vector of RFC 8032 §7.1', () => {
  const key = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';
  const made =
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';
  const did = didFromPublicKey(bytesOf(key));
  expect(verifySignature(did, Uint8Array.of(0x72), bytesOf(made))).toBe(true);
});

it('does not take it over other bytes, by another key, or cut', () => {
  expect(verifySignature(ana.did, Buffer.from('an entrY'), signature)).toBe(false);
  expect(verifySignature(signerOf('ben').did, bytes, signature)).toBe(false);
  expect(verifySignature(ana.did, bytes, signature.subarray(0, 63))).toBe(false);
  expect(verifySignature(ana.did, bytes, new Uint8Array(0))).toBe(false);
});

it('does not take the same signature with S + L, so that nobody can re-mint it', () => {
  const s = littleEndian(signature.subarray(32));
  for (let k = 1n; s + k * L < 2n ** 256n; k++) {
    const minted = Uint8Array.from(signature);
    minted.set(toLittleEndian(s + k * L), 32);
    expect(verifySignature(ana.did, bytes, minted)).toBe(false);
  }
});

it('takes nothing by a key of small order, under which one signature fits many messages', () => {
  // The neutral element: with R neutral and S zero the equation holds for every message. OpenSSL 3.0
  // takes it and 3.5 does not, so nodes would disagree if they went by what their Node brings.
  const neutral = Uint8Array.of(1, ...new Uint8Array(31));
  const forged = Uint8Array.of(...neutral, ...new Uint8Array(32));
  expect(verifySignature(didFromPublicKey(neutral), bytes, forged)).toBe(false);
  const withSign = Uint8Array.from(neutral);
  withSign[31] = 0x80;
  expect(verifySignature(didFromPublicKey(withSign), bytes, forged)).toBe(false);
});

function bytesOf(hex: string): Uint8Array {
  const decoded = fromHex(hex);
  if (decoded === undefined) throw new Error(`${hex} is not hexadecimal`);
  return decoded;
}

function littleEndian(part: Uint8Array): bigint {
  return part.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toLittleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}
