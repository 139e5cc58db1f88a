import { type RandomAccess, Unreadable } from '../inspector.ts';
import { hasAscii, toBuffer } from './bytes.ts';
import type { Chunk } from './png-chunks.ts';

const MOST_BOXES = 100_000;

/** Types of the first box of a file of ISO 14496-12: pictures (HEIF, AVIF), films, and JPEG XL. */
const FIRST = ['ftyp', 'styp', 'moov', 'mdat', 'free', 'wide', 'skip', 'JXL ', 'jP  '];

export function isBmff(bytes: Uint8Array): boolean {
  return FIRST.some((type) => hasAscii(bytes, 4, type));
}

/**
 * Yields the boxes that lie side by side between two places (ISO 14496-12, 4.2). Reads headers only.
 *
 * @throws {Unreadable} `malformed` if a box is longer than what it lies in, `limit`.
 */
export function* bmffBoxes(source: RandomAccess, from: number, to: number): Generator<Chunk> {
  let at = from;
  for (let count = 0; at + 8 <= to; count += 1) {
    if (count === MOST_BOXES) throw new Unreadable('limit', 'a file of too many boxes');
    const header = toBuffer(source.read(at, 16));
    const stated = header.readUInt32BE(0);
    const isLong = stated === 1 && header.length === 16;
    const start = at + (isLong ? 16 : 8);
    const end = stated === 0 ? to : at + (isLong ? Number(header.readBigUInt64BE(8)) : stated);
    if (end < start || end > to) {
      throw new Unreadable('malformed', 'a box that is longer than what it lies in');
    }
    yield { type: header.toString('latin1', 4, 8), offset: start, length: end - start };
    at = end;
  }
}

/** Returns the first box of a type between two places. */
export function firstBox(
  source: RandomAccess,
  type: string,
  { offset, length }: Pick<Chunk, 'offset' | 'length'>,
): Chunk | undefined {
  return bmffBoxes(source, offset, offset + length).find((box) => box.type === type);
}
