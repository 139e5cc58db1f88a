import { type RandomAccess, Unreadable } from '../inspector.ts';
import { toBuffer } from './bytes.ts';

/** A marker segment of a JPEG and where its data lies, without the marker and the length. */
export interface JpegSegment {
  readonly marker: number;
  readonly offset: number;
  readonly length: number;
}

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const MOST_SEGMENTS = 20_000;
/** Bytes between segments that are no marker; decoders skip them, so some real files have them. */
const MOST_GARBAGE = 64 * 1024;

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * Yields the segments before the first scan (ITU-T T.81, B.1.1): every place for metadata.
 *
 * @throws {Unreadable} `malformed` if the file ends before its first scan, `limit`.
 */
export function* jpegSegments(source: RandomAccess): Generator<JpegSegment> {
  let at = 2;
  for (let count = 0; count < MOST_SEGMENTS; count += 1) {
    at = nextMarker(source, at);
    const header = toBuffer(source.read(at, 4));
    const marker = header[1] ?? END_OF_IMAGE;
    if (marker === START_OF_SCAN) return;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    const length = header.length < 4 ? 0 : header.readUInt16BE(2);
    if (marker === END_OF_IMAGE || length < 2 || at + 2 + length > source.size) {
      throw new Unreadable('malformed', 'a JPEG that ends before its first scan');
    }
    yield { marker, offset: at + 4, length: length - 2 };
    at += 2 + length;
  }
  throw new Unreadable('limit', 'a JPEG of too many segments');
}

/** The last FF of the next run of them that is followed by a marker. */
function nextMarker(source: RandomAccess, from: number): number {
  if (isMarker(source.read(from, 2))) return from;
  const bytes = source.read(from, MOST_GARBAGE);
  for (let at = 0; at + 1 < bytes.length; at += 1) {
    if (isMarker(bytes.subarray(at, at + 2))) return from + at;
  }
  throw new Unreadable('malformed', 'a JPEG that ends before its first scan');
}

function isMarker(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] !== undefined && bytes[1] !== 0 && bytes[1] !== 0xff;
}
