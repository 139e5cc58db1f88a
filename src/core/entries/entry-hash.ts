import { base58btc } from 'multiformats/bases/base58';
import { type Cid, CODEC, cidFromBytes, cidToBytes } from '../cid.ts';
import { remembering } from '../remembering.ts';
import type { EntryHash } from '../statements/fields.ts';

/** OrbitDB writes CIDs in base58btc (`zdpu…`), everything else here writes base32 (`bafyrei…`). */

/** What the 36 bytes of an entry's CID begin with: version, codec, hash and its length. */
const BEGINNING = [1, CODEC.dagCbor, 0x12, 32] as const;
const BYTE_LENGTH = 36;

/** Hashes of which the bytes are kept: an entry's parents are mostly those that came a moment ago. */
const KEPT = 256;

/** Returns the bytes of the CID that a hash spells; undefined if the text is no entry's hash. */
export const entryHashBytes: (text: string) => Uint8Array | undefined = remembering(
  decodeEntryHash,
  KEPT,
);

/** Returns the CID of an entry in OrbitDB's spelling. */
export function toEntryHash(cid: Cid): EntryHash {
  return entryHashFromBytes(cidToBytes(cid));
}

/** Returns the CID that an entry's hash spells. */
export function fromEntryHash(hash: EntryHash): Cid {
  return cidFromBytes(entryHashToBytes(hash));
}

/** Returns the 36 bytes of the CID: what the arrival log's leaves are made of. */
export function entryHashToBytes(hash: EntryHash): Uint8Array {
  const bytes = entryHashBytes(hash);
  if (bytes === undefined) throw new RangeError(`${hash} is no entry's hash`);
  return bytes;
}

/** Returns the hash that these 36 bytes of a CID spell; they come from {@link entryHashToBytes}. */
export function entryHashFromBytes(bytes: Uint8Array): EntryHash {
  // Bytes have one spelling in base58btc.
  return base58btc.encode(bytes) as EntryHash;
}

function decodeEntryHash(text: string): Uint8Array | undefined {
  if (text.length > 80 || !text.startsWith('z')) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = base58btc.decode(text);
  } catch {
    return undefined;
  }
  const isEntry =
    bytes.length === BYTE_LENGTH && BEGINNING.every((byte, place) => bytes[place] === byte);
  return isEntry && base58btc.encode(bytes) === text ? bytes : undefined;
}
