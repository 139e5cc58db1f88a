import { createPrivateKey, createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { didFromPublicKey } from '../../src/core/entries/did-key.ts';
import type { Signer } from '../../src/core/ports/keys.ts';

/** DER of PKCS#8 for Ed25519 up to the 32 bytes of the seed (RFC 8410 §7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The seed of the private key that belongs to a name: the same in every run. */
export function seedOf(name: string): Uint8Array {
  return hash('sha256', `test key ${name}`, 'buffer');
}

function privateKeyOf(name: string): KeyObject {
  const key = Buffer.concat([PKCS8, seedOf(name)]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

export function pemOf(name: string): string {
  return privateKeyOf(name).export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function signerOf(name: string): Signer {
  const privateKey = privateKeyOf(name);
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    did: didFromPublicKey(Uint8Array.from(spki.subarray(-32))),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}
