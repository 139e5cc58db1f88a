import { createHash } from 'node:crypto';
import { type Cid, CODEC, cidFromBytes, cidFromDigest } from '../../core/cid.ts';
import type { SentBlock } from './message.ts';

const SHA2_256 = [0x12, 0x20];

/** A CIDv0 is a bare multihash. */
const V0_BYTES = 34;
const V0_PREFIX = Uint8Array.of(0, CODEC.dagPb, ...SHA2_256);

/** Returns what the archive calls a block that a peer names; undefined for hashes it does not store. */
export function cidNamed(bytes: Uint8Array): Cid | undefined {
  try {
    return isV0(bytes) ? cidFromDigest(CODEC.dagPb, bytes.subarray(2)) : cidFromBytes(bytes);
  } catch {
    return undefined;
  }
}

/** Returns a block as it is sent to a peer that names it so: everything of the CID but the digest. */
export function blockNamed(name: Uint8Array, bytes: Uint8Array): SentBlock {
  return { prefix: isV0(name) ? V0_PREFIX : name.subarray(0, name.length - 32), bytes };
}

/** Returns the CID that a block has which came with this prefix, by hashing it. */
export function cidOfSent({ prefix, bytes }: SentBlock): Cid | undefined {
  const [version, codec = 0, ...hash] = prefix;
  const isOurs =
    version === 1 && codec < 0x80 && Buffer.compare(Buffer.from(hash), Buffer.from(SHA2_256)) === 0;
  if (!isOurs) return undefined;
  return cidFromDigest(codec, createHash('sha256').update(bytes).digest());
}

function isV0(name: Uint8Array): boolean {
  return name.length === V0_BYTES && name[0] === SHA2_256[0] && name[1] === SHA2_256[1];
}
