import { createHash, hash as hashOnce } from 'node:crypto';
import { CODEC, codecOf, digestOf } from '../../core/cid.ts';
import { type ByteSource, type Inspection, type Inspector, Unreadable } from '../inspector.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * SHA-256 of the bytes as a file, which the CID of a large file does not show.
 *
 * A small file is one raw block, whose CID does hold that digest: there the answer is checked
 * against it, so every small asset is read back once from where it was stored.
 */
export const digests: Inspector = { name: 'digests', version: 1, readsAll: true, inspect };

function inspect(source: ByteSource): Inspection {
  const digest = sha256Of(source);
  if (codecOf(source.cid) === CODEC.raw && !digest.equals(digestOf(source.cid))) {
    throw new Unreadable('bytes-do-not-match', 'the stored bytes are not those that the CID names');
  }
  return { outcome: 'found', facts: { sha256: digest.toString('hex') }, raw: [] };
}

function sha256Of(source: ByteSource): Buffer {
  if (source.head.length === source.size) return hashOnce('sha256', source.head, 'buffer');
  const hash = createHash('sha256').update(source.head);
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, source.size - source.head.length));
  for (let offset = source.head.length; offset < source.size; ) {
    const length = source.readInto(offset, buffer);
    hash.update(buffer.subarray(0, length));
    offset += length;
  }
  return hash.digest();
}
