import type { Did } from '../entries/did-key.ts';

/** A private Ed25519 key that signs; the key itself never leaves its adapter. */
export interface Signer {
  readonly did: Did;
  /** Returns the 64-byte Ed25519 signature (RFC 8032) over the bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** Says whether `signature` is the key's Ed25519 signature over `bytes`. Never throws. */
export type VerifySignature = (did: Did, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** Returns the signer of an Ed25519 key by the 32 bytes of its seed (RFC 8032). */
export type SignerOf = (seed: Uint8Array) => Signer;
