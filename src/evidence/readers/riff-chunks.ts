import { type RandomAccess, Unreadable } from '../inspector.ts';
import { hasAscii, toBuffer } from './bytes.ts';
import { MOST_CHUNKS } from './metadata-block.ts';
import type { Chunk } from './png-chunks.ts';

export function isWebp(bytes: Uint8Array): boolean {
  return hasAscii(bytes, 0, 'RIFF') && hasAscii(bytes, 8, 'WEBP');
}

/**
 * Yields the top-level chunks of a RIFF file. The length in the file's header is not believed:
 * programs that append metadata forget to change it.
 *
 * @throws {Unreadable} `malformed` if a chunk is longer than the file, `limit`.
 */
export function* riffChunks(source: RandomAccess): Generator<Chunk> {
  let at = 12;
  for (let count = 0; count < MOST_CHUNKS; count += 1) {
    const header = toBuffer(source.read(at, 8));
    if (header.length < 8) return;
    const length = header.readUInt32LE(4);
    if (at + 8 + length > source.size) {
      throw new Unreadable('malformed', 'a RIFF chunk that is longer than the file');
    }
    yield { type: header.toString('latin1', 0, 4), offset: at + 8, length };
    at += 8 + length + (length % 2);
  }
  throw new Unreadable('limit', 'a RIFF file of too many chunks');
}
