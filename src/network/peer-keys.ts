import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import type { PeerId, PrivateKey } from '@libp2p/interface';
import { type Did, didFromPublicKey, publicKeyOf } from '../core/entries/did-key.ts';

/** Returns the libp2p key of an Ed25519 seed and its public key (RFC 8032), 32 bytes each. */
export function privateKeyOf(seed: Uint8Array, did: Did): PrivateKey {
  const raw = new Uint8Array(64);
  raw.set(seed);
  raw.set(publicKeyOf(did), 32);
  return privateKeyFromRaw(raw);
}

/** Returns the did:key that a handshake has proved; undefined for keys that are not Ed25519. */
export function didOf(peer: PeerId): Did | undefined {
  return peer.type === 'Ed25519' ? didFromPublicKey(peer.publicKey.raw) : undefined;
}
