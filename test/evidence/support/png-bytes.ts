import { crc32, deflateSync } from 'node:zlib';

/** A PNG chunk with its checksum. */
export function pngChunk(type: string, data: Uint8Array | string): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A small grey picture with the chunks before its pixels. */
export function png(...chunks: readonly Uint8Array[]): Buffer {
  return pngOf(header(4, 4, 8, 0), Buffer.alloc(4 * 5), ...chunks);
}

/** A picture of 8 bits per channel (3 channels RGB, 4 RGBA), each row with the filter wanted. */
export function colourPng(
  width: number,
  channels: 3 | 4,
  pixels: Uint8Array,
  filterOf: (row: number) => number,
): Buffer {
  const stride = width * channels;
  const height = pixels.length / stride;
  const rows: Buffer[] = [];
  for (let row = 0; row < height; row += 1) {
    const filter = filterOf(row);
    const bytes = Buffer.alloc(stride + 1, filter);
    for (let at = 0; at < stride; at += 1) {
      const left = at < channels ? 0 : (pixels[row * stride + at - channels] ?? 0);
      const up = row === 0 ? 0 : (pixels[(row - 1) * stride + at] ?? 0);
      const corner =
        row === 0 || at < channels ? 0 : (pixels[(row - 1) * stride + at - channels] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      bytes[at + 1] = (pixels[row * stride + at] ?? 0) - guess;
    }
    rows.push(bytes);
  }
  return pngOf(header(width, height, 8, channels === 3 ? 2 : 6), Buffer.concat(rows));
}

export function textChunk(key: string, text: string): Buffer {
  return pngChunk('tEXt', Buffer.from(`${key}\0${text}`, 'latin1'));
}

export function packedTextChunk(key: string, text: string | Uint8Array): Buffer {
  return pngChunk('zTXt', Buffer.concat([Buffer.from(`${key}\0\0`), deflateSync(text)]));
}

export function unicodeTextChunk(key: string, text: string, isPacked: boolean): Buffer {
  const body = isPacked ? deflateSync(text) : Buffer.from(text);
  const fields = Buffer.from([0, isPacked ? 1 : 0, 0, 0, 0]);
  return pngChunk('iTXt', Buffer.concat([Buffer.from(key), fields, body]));
}

function pngOf(head: Buffer, rows: Buffer, ...chunks: readonly Uint8Array[]): Buffer {
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const pixels = pngChunk('IDAT', deflateSync(rows));
  return Buffer.concat([signature, head, ...chunks, pixels, pngChunk('IEND', '')]);
}

function header(width: number, height: number, depth: number, colour: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data[8] = depth;
  data[9] = colour;
  return pngChunk('IHDR', data);
}

/** PNG 1.2, 6.6, as written there. */
function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const distances = [left, up, corner].map((value) => Math.abs(guess - value));
  const [toLeft = 0, toUp = 0, toCorner = 0] = distances;
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
