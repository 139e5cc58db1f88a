import { base58btc } from 'multiformats/bases/base58';
import { ArchiveError } from '../errors.ts';
import { concatBytes, equalBytes, toHex } from '../hash.ts';
import { remembering } from '../remembering.ts';

declare const didBrand: unique symbol;

/** A `did:key` of an Ed25519 public key (`did:key:z6Mk…`), in its one form. */
export type Did = string & { readonly [didBrand]: true };

/** Multicodec ed25519-pub as varint (did:key method, W3C CCG). */
const PREFIX = Uint8Array.of(0xed, 0x01);

/** Keys of which the decoded form is kept. */
const KEPT = 256;

/** Returns the did:key of a 32-byte Ed25519 public key. */
export function didFromPublicKey(publicKey: Uint8Array): Did {
  if (publicKey.length !== 32) throw new RangeError('an Ed25519 public key has 32 bytes');
  return `did:key:${base58btc.encode(concatBytes(PREFIX, publicKey))}` as Did;
}

/**
 * Returns the 32-byte Ed25519 public key of a did:key.
 *
 * @throws {ArchiveError} `input_invalid` for other key types and other spellings.
 */
export function publicKeyOf(did: string): Uint8Array {
  const key = tryPublicKeyOf(did);
  if (key === undefined) {
    throw new ArchiveError(
      'input_invalid',
      `${JSON.stringify(did.slice(0, 80))} is not an Ed25519 did:key`,
    );
  }
  return key;
}

/** Returns the public key of a did:key in lower-case hexadecimal, as entries hold it. Fails as {@link publicKeyOf}. */
export const publicKeyHexOf: (did: string) => string = remembering(
  (did) => toHex(publicKeyOf(did)),
  KEPT,
);

export function isDid(text: unknown): text is Did {
  return typeof text === 'string' && tryPublicKeyOf(text) !== undefined;
}

/** The same few members speak again and again. */
const tryPublicKeyOf = remembering(decodePublicKey, KEPT);

function decodePublicKey(did: string): Uint8Array | undefined {
  if (!did.startsWith('did:key:z6Mk') || did.length !== 56) return undefined;
  try {
    const bytes = base58btc.decode(did.slice('did:key:'.length));
    if (bytes.length !== 34 || !equalBytes(bytes.subarray(0, 2), PREFIX)) return undefined;
    const key = bytes.slice(2);
    return didFromPublicKey(key) === did ? key : undefined;
  } catch {
    return undefined;
  }
}
