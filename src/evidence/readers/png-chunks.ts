import { type RandomAccess, Unreadable } from '../inspector.ts';
import { ByteWindow } from './byte-window.ts';
import { hasAscii } from './bytes.ts';
import { MOST_CHUNKS } from './metadata-block.ts';

/** A piece of a chunked container: its four-letter type and where its data lies. */
export interface Chunk {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

export function isPng(bytes: Uint8Array): boolean {
  return hasAscii(bytes, 0, '\x89PNG\r\n\x1a\n');
}

/**
 * Yields the chunks of a PNG in order (PNG 1.2, 3.2), up to and without `IEND`. Reads headers only.
 *
 * @throws {Unreadable} `malformed` if the file ends before `IEND`, `limit` after 200,000 chunks.
 */
export function* pngChunks(source: RandomAccess): Generator<Chunk> {
  const window = new ByteWindow(source);
  let at = 8;
  for (let count = 0; count < MOST_CHUNKS; count += 1) {
    const header = window.at(at, 8);
    if (header.length < 8) throw new Unreadable('malformed', 'a PNG without an end');
    const length = header.readUInt32BE(0);
    const type = header.toString('latin1', 4, 8);
    if (type === 'IEND') return;
    if (!/^[A-Za-z]{4}$/.test(type) || at + 12 + length > source.size) {
      throw new Unreadable('malformed', 'a PNG chunk that is none, or is longer than the file');
    }
    yield { type, offset: at + 8, length };
    at += 12 + length;
  }
  throw new Unreadable('limit', 'a PNG of too many chunks');
}
