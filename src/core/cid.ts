import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { decodeBase32, encodeBase32 } from './base32.ts';
import { ArchiveError } from './errors.ts';

declare const cidBrand: unique symbol;

/** A CIDv1 in its one canonical text form: base32, lower case, sha2-256. Made by {@link parseCid} only. */
export type Cid = string & { readonly [cidBrand]: true };

/** The codecs a CID of the archive can have, by multicodec number. */
export const CODEC = { raw: 0x55, dagPb: 0x70, dagCbor: 0x71 } as const;

const SHA2_256 = 0x12;

/** Longer than any spelling of a CID of the archive. Reading base58 takes the square of its length. */
const MAX_TEXT = 128;

/**
 * Returns the CID if `text` is the canonical form of a CIDv1 with sha2-256.
 *
 * @throws {ArchiveError} `input_invalid` for anything else, other spellings of a valid CID included.
 */
export function parseCid(text: string): Cid {
  let cid: CID;
  try {
    if (text.length > MAX_TEXT) throw new RangeError('it is too long');
    cid = CID.parse(text);
  } catch (cause) {
    throw new ArchiveError('input_invalid', `${quote(text)} is not a CID`, { cause });
  }
  if (cid.version !== 1 || cid.multihash.code !== SHA2_256 || cid.multihash.size !== 32) {
    throw new ArchiveError(
      'input_invalid',
      `${quote(text)} is not a CIDv1 with sha2-256; convert it with "ipfs cid format -v 1 -b base32"`,
    );
  }
  if (cid.toString() !== text) {
    throw new ArchiveError(
      'input_invalid',
      `${quote(text)} is not in canonical form; write ${cid.toString()}`,
    );
  }
  return text as Cid;
}

/**
 * CIDv1, one of {@link CODEC}, sha2-256 of 32 bytes, in base32: 58 digits, the last of which holds only
 * three bits. The first four bytes fill six digits and, with zeros, two bits of the seventh.
 */
export const CANONICAL_CID = /^b(afkrei|afybei|afyrei)[a-h][a-z2-7]{50}[aeimquy4]$/;

/** Says whether the text is the canonical form of a CID; {@link parseCid} tells what is wrong with it. */
export function isCid(text: unknown): text is Cid {
  if (typeof text !== 'string') return false;
  if (CANONICAL_CID.test(text)) return true;
  try {
    parseCid(text);
    return true;
  } catch {
    return false;
  }
}

/** Greater numbers take several bytes (https://github.com/multiformats/unsigned-varint). */
const MOST_IN_A_BYTE = 0x7f;

/** Letters of a CID whose codec takes one byte, as those of {@link CODEC} do. */
const USUAL_LENGTH = 59;

/** What {@link CANONICAL_CID} CIDs begin with. */
const CODEC_BY_BEGINNING: ReadonlyMap<string, number> = new Map([
  ['bafkrei', CODEC.raw],
  ['bafybei', CODEC.dagPb],
  ['bafyrei', CODEC.dagCbor],
]);

/** Returns the CID of a block with this codec and sha2-256 digest (32 bytes). */
export function cidFromDigest(codec: number, digest: Uint8Array): Cid {
  if (digest.length !== 32) throw new RangeError('a sha2-256 digest has 32 bytes');
  if (codec > MOST_IN_A_BYTE) return longCid(codec, digest);
  const bytes = new Uint8Array(36);
  bytes[0] = 1;
  bytes[1] = codec;
  bytes[2] = SHA2_256;
  bytes[3] = 32;
  bytes.set(digest, 4);
  const text = spelled(bytes);
  return isCid(text) ? text : longCid(codec, digest);
}

/** Returns the CID of a codec whatever its number is. */
function longCid(codec: number, digest: Uint8Array): Cid {
  return CID.createV1(codec, createDigest(SHA2_256, digest)).toString() as Cid;
}

/** Returns the 36 bytes of a CID: version, codec, hash code, hash length, 32 bytes of digest. */
export function cidToBytes(cid: Cid): Uint8Array {
  return cid.length === USUAL_LENGTH ? decodeBase32(cid, 1) : base32.decode(cid);
}

/**
 * Returns the CID these bytes are.
 *
 * @throws {ArchiveError} `input_invalid` if they are not exactly one CIDv1 with sha2-256.
 */
export function cidFromBytes(bytes: Uint8Array): Cid {
  // The bytes of a canonical CID and its letters say the same.
  if (bytes.length === 36) {
    const text = spelled(bytes);
    if (isCid(text)) return text;
  }
  try {
    return parseCid(CID.decode(bytes).toString());
  } catch (cause) {
    throw new ArchiveError('input_invalid', 'these bytes are not a CIDv1 with sha2-256', { cause });
  }
}

export function codecOf(cid: Cid): number {
  return CODEC_BY_BEGINNING.get(cid.slice(0, 7)) ?? CID.parse(cid).code;
}

/** Returns the 32 bytes of sha2-256 inside the CID. For a raw block they are the digest of the bytes. */
export function digestOf(cid: Cid): Uint8Array {
  return cidToBytes(cid).subarray(4);
}

/** The letter of base32, and its digits. */
function spelled(bytes: Uint8Array): string {
  return `b${encodeBase32(bytes)}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
