import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { didFromPublicKey } from '../../core/entries/did-key.ts';
import type { Signer, SignerOf } from '../../core/ports/keys.ts';

/** DER of PKCS#8 for Ed25519 up to the 32 bytes of the seed (RFC 8410 §7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Returns the signer of a key that lives shorter than the home, such as that of an invitation. */
export const signerOf: SignerOf = (seed) => {
  const key = Buffer.concat([PKCS8, seed]);
  return toSigner(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
};

export function toSigner(privateKey: KeyObject): Signer {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    did: didFromPublicKey(Uint8Array.from(spki.subarray(-32))),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}
