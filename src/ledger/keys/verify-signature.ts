import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Did, isDid, publicKeyOf } from '../../core/entries/did-key.ts';
import { concatBytes, toHex } from '../../core/hash.ts';

/** DER of SubjectPublicKeyInfo for Ed25519 up to the 32 bytes of the key (RFC 8410 §4). */
const SPKI = Uint8Array.from([48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0]);

/** Keys that are kept parsed; parsing costs a third of a verification. */
const MAX_KEYS = 1_024;

/**
 * Points of small order on edwards25519, in each encoding that decoders take
 * (github.com/jedisct1/libsodium, `ge25519_has_small_order`), without the sign bit. Under such a key
 * signatures can be made that fit any message; OpenSSL 3.0 takes them, 3.5 does not, and nodes must
 * agree whatever their Node brings.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

const keys = new Map<Did, KeyObject | undefined>();

/**
 * Says whether `signature` is the key's Ed25519 signature over `bytes`, as RFC 8032 §5.1.7 has it:
 * S below the group's order, R in its one encoding, no cofactor. So nobody can re-mint a
 * signature. Keys of small order verify nothing.
 */
export function verifySignature(did: Did, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const key = keyOf(did);
  return key !== undefined && verify(null, bytes, key, signature);
}

function keyOf(did: Did): KeyObject | undefined {
  const known = keys.get(did);
  if (known !== undefined || keys.has(did)) return known;
  if (keys.size >= MAX_KEYS) keys.clear();
  const key = isDid(did) ? toKey(publicKeyOf(did)) : undefined;
  keys.set(did, key);
  return key;
}

function toKey(publicKey: Uint8Array): KeyObject | undefined {
  const unsigned = Uint8Array.from(publicKey);
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f;
  if (SMALL_ORDER.has(toHex(unsigned))) return undefined;
  const key = Buffer.from(concatBytes(SPKI, publicKey));
  return createPublicKey({ key, format: 'der', type: 'spki' });
}
