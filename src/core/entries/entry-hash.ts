import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { type Cid, parseCid } from '../cid.ts';
import type { EntryHash } from '../statements/fields.ts';

/** OrbitDB writes CIDs in base58btc (`zdpu…`), everything else here writes base32 (`bafyrei…`). */

/** Returns the CID of an entry in OrbitDB's spelling. */
export function toEntryHash(cid: Cid): EntryHash {
  // A CID made of a CID has the one canonical spelling in base58btc.
  return CID.parse(cid).toString(base58btc) as EntryHash;
}

/** Returns the CID that an entry's hash spells. */
export function fromEntryHash(hash: EntryHash): Cid {
  return parseCid(CID.parse(hash, base58btc).toString());
}

/** Returns the 36 bytes of the CID: what the arrival log's leaves are made of. */
export function entryHashToBytes(hash: EntryHash): Uint8Array {
  return CID.parse(hash, base58btc).bytes;
}

/** Returns the hash that these 36 bytes of a CID spell; they come from {@link entryHashToBytes}. */
export function entryHashFromBytes(bytes: Uint8Array): EntryHash {
  return CID.decode(bytes).toString(base58btc) as EntryHash;
}
