import { expect, it } from 'vitest';
import { didFromPublicKey, isDid, publicKeyOf } from '../../../src/core/entries/did-key.ts';
import { fromHex, toHex } from '../../../src/core/hash.ts';

/** From the did:key method's own test vectors (w3c-ccg/did-key-spec, ed25519-x25519.json). */
const SPEC_DID = 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp';
const SPEC_KEY = '3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29';

it('spells the key of the specification as it does', () => {
  expect(toHex(publicKeyOf(SPEC_DID))).toBe(SPEC_KEY);
  expect(didFromPublicKey(fromHex(SPEC_KEY) ?? new Uint8Array())).toBe(SPEC_DID);
});

it.each([
  ['a key of another type', 'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme'],
  ['another method', SPEC_DID.replace('did:key', 'did:web')],
  ['a letter too few', SPEC_DID.slice(0, -1)],
  ['a letter too many', `${SPEC_DID}p`],
  ['a letter that is not in the alphabet', SPEC_DID.replace('p', 'l')],
  ['a space', `${SPEC_DID.slice(0, -1)} `],
])('refuses %s', (_what, text) => {
  expect(isDid(text)).toBe(false);
  expect(() => publicKeyOf(text)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
});
