import type { RandomAccess } from '../inspector.ts';
import { hasAscii, toBuffer } from './bytes.ts';

/** An 8-bit RGB or RGBA picture without interlacing. */
export interface PngImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

const RGB = 2;
const RGBA = 6;

/** Returns the size of a PNG of that kind, or undefined if it is of another. */
export function readPngHeader(source: RandomAccess): PngImage | undefined {
  const header = toBuffer(source.read(0, 33));
  if (header.length < 33 || !hasAscii(header, 12, 'IHDR')) return undefined;
  const [depth, colour, , , interlace] = header.subarray(24);
  const width = header.readUInt32BE(16);
  const height = header.readUInt32BE(20);
  if (depth !== 8 || interlace !== 0 || width === 0 || height === 0) return undefined;
  if (colour !== RGB && colour !== RGBA) return undefined;
  return { width, height, channels: colour === RGB ? 3 : 4 };
}

/**
 * Undoes the filters of the rows (PNG 1.2, section 6) in place, and returns the pixels of the whole
 * picture, row after row. The caller has made sure that `rows` is long enough.
 */
export function unfilter(rows: Buffer, image: PngImage): Buffer {
  const { channels } = image;
  const stride = image.width * channels;
  for (let row = 0; row < image.height; row += 1) {
    const filter = rows[row * (stride + 1)] ?? 0;
    const from = row * (stride + 1) + 1;
    const to = row * stride;
    for (let at = 0; at < stride; at += 1) {
      const left = at < channels ? 0 : (rows[to + at - channels] ?? 0);
      const up = row === 0 ? 0 : (rows[to + at - stride] ?? 0);
      const corner = row === 0 || at < channels ? 0 : (rows[to + at - stride - channels] ?? 0);
      rows[to + at] = (rows[from + at] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return rows.subarray(0, stride * image.height);
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  return filter === 4 ? paeth(left, up, corner) : 0;
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
