import { constants, inflateSync } from 'node:zlib';
import { type RandomAccess, Unreadable } from '../inspector.ts';
import { gunzip } from './inflate.ts';
import { TEXT_BYTES } from './metadata-block.ts';
import { pngChunks } from './png-chunks.ts';
import { type PngImage, readPngHeader, unfilter } from './png-pixels.ts';

/**
 * Text hidden in the lowest bits of a PNG's pixels ("stealth pnginfo", written by NovelAI and by
 * extensions of A1111 and ComfyUI): column after column, highest bit first, a mark of 15 letters,
 * the length in bits (32 bits), the text, packed with gzip if the mark ends in `comp`. The bits are
 * those of alpha, or those of red, green and blue in turn if the mark says `rgb`.
 *
 * See github.com/ashen-sensored/sd_webui_stealth_pnginfo, github.com/NovelAI/novelai-image-metadata.
 */
const MARK_LENGTH = 15;

/** Compressed bytes to try. The first row or two almost always show that there is no mark. */
const PREFIXES = [8 * 1024, 512 * 1024];
const COMPRESSED_BYTES = 64 * 1024 * 1024;
const PIXEL_BYTES = 128 * 1024 * 1024;

interface Mode {
  readonly mark: string;
  readonly channels: readonly number[];
}

const ALPHA: Mode = { mark: 'stealth_png', channels: [3] };
const COLOURS: Mode = { mark: 'stealth_rgb', channels: [0, 1, 2] };

/**
 * Returns the hidden text, empty if there is a mark but its text cannot be read, or undefined if
 * there is no mark. Only 8-bit RGB and RGBA without interlacing can carry one.
 *
 * @throws {Unreadable} `limit` if there is a mark and the picture is above 128 MiB.
 */
export function readStealthText(source: RandomAccess): string | undefined {
  const image = readPngHeader(source);
  if (image === undefined) return undefined;
  const mode = modeOf(source, image);
  if (mode === undefined) return undefined;
  const pixels = wholePicture(source, image);
  if (pixels === undefined) return undefined;
  const bits = new LowestBits(pixels, image, mode.channels);
  const mark = bits.bytes(MARK_LENGTH)?.toString('latin1');
  if (mark !== `${mode.mark}info` && mark !== `${mode.mark}comp`) return undefined;
  const length = (bits.bytes(4)?.readUInt32BE() ?? 0) / 8;
  const payload = length <= TEXT_BYTES ? bits.bytes(Math.floor(length)) : undefined;
  if (payload === undefined) return '';
  return mark.endsWith('comp') ? unpackedText(payload) : payload.toString('utf8');
}

function unpackedText(payload: Buffer): string {
  try {
    return gunzip(payload, TEXT_BYTES).toString('utf8');
  } catch (error) {
    if (error instanceof Unreadable) return '';
    throw error;
  }
}

/** Looks at the first column only, which needs no other pixel, and at no more rows than it must. */
function modeOf(source: RandomAccess, image: PngImage): Mode | undefined {
  let modes = image.channels === 4 ? [ALPHA, COLOURS] : [COLOURS];
  for (const bytes of [...PREFIXES, COMPRESSED_BYTES]) {
    const compressed = compressedPixels(source, bytes);
    const rows = inflateStart(compressed);
    modes = modes.filter((mode) => firstColumnFits(rows, image, mode) !== 'no');
    const sure = modes.find((mode) => firstColumnFits(rows, image, mode) === 'yes');
    if (sure !== undefined || modes.length === 0) return sure;
    if (compressed.length < bytes) return undefined;
  }
  return undefined;
}

/** `more` if the rows that there are fit, but do not hold the whole mark. */
function firstColumnFits(rows: Buffer, image: PngImage, mode: Mode): 'yes' | 'no' | 'more' {
  const rowBytes = image.width * image.channels + 1;
  const wanted = Math.min(image.height, Math.ceil((mode.mark.length * 8) / mode.channels.length));
  const above = [0, 0, 0, 0];
  let bit = 0;
  for (let row = 0; row < wanted; row += 1) {
    const filter = rows[row * rowBytes];
    const first = row * rowBytes + 1;
    if (filter === undefined || first + image.channels > rows.length) return 'more';
    for (const channel of mode.channels) {
      const value = firstPixel(rows[first + channel] ?? 0, above[channel] ?? 0, filter);
      above[channel] = value;
      if (bit < mode.mark.length * 8 && (value & 1) !== bitOf(mode.mark, bit)) return 'no';
      bit += 1;
    }
  }
  return 'yes';
}

/** PNG filters where nothing stands to the left: Paeth (4) becomes Up (2), Sub (1) becomes None. */
function firstPixel(value: number, above: number, filter: number): number {
  if (filter === 2 || filter === 4) return (value + above) & 0xff;
  return filter === 3 ? (value + (above >> 1)) & 0xff : value;
}

function bitOf(mark: string, bit: number): number {
  return (mark.charCodeAt(bit >> 3) >> (7 - (bit & 7))) & 1;
}

function compressedPixels(source: RandomAccess, most: number): Buffer {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const { type, offset, length } of pngChunks(source)) {
    if (type !== 'IDAT' || total >= most) continue;
    const part = source.read(offset, Math.min(length, most - total));
    parts.push(part);
    total += part.length;
    if (total >= most) break;
  }
  return Buffer.concat(parts);
}

/** Whatever rows a truncated or damaged stream gives; none if it gives too many. */
function inflateStart(compressed: Buffer): Buffer {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: PIXEL_BYTES };
    return inflateSync(compressed, options);
  } catch {
    return Buffer.alloc(0);
  }
}

function wholePicture(source: RandomAccess, image: PngImage): Buffer | undefined {
  const needed = image.height * (image.width * image.channels + 1);
  if (needed > PIXEL_BYTES) throw new Unreadable('limit', 'a picture above 128 MiB');
  const rows = inflateStart(compressedPixels(source, COMPRESSED_BYTES));
  return rows.length < needed ? undefined : unfilter(rows, image);
}

/** The lowest bits of some channels, column after column. */
class LowestBits {
  readonly #pixels: Buffer;
  readonly #image: PngImage;
  readonly #channels: readonly number[];
  #next = 0;

  constructor(pixels: Buffer, image: PngImage, channels: readonly number[]) {
    this.#pixels = pixels;
    this.#image = image;
    this.#channels = channels;
  }

  /** Returns the next bytes, or undefined if the picture has not so many. */
  bytes(count: number): Buffer | undefined {
    const { width, height } = this.#image;
    if (this.#next + count * 8 > width * height * this.#channels.length) return undefined;
    const bytes = Buffer.alloc(count);
    for (let at = 0; at < count; at += 1) {
      let byte = 0;
      for (let bit = 0; bit < 8; bit += 1) byte = (byte << 1) | this.#bit();
      bytes[at] = byte;
    }
    return bytes;
  }

  #bit(): number {
    const { width, height, channels } = this.#image;
    const pixel = Math.floor(this.#next / this.#channels.length);
    const channel = this.#channels[this.#next % this.#channels.length] ?? 0;
    const row = pixel % height;
    const column = (pixel - row) / height;
    this.#next += 1;
    return (this.#pixels[(row * width + column) * channels + channel] ?? 0) & 1;
  }
}
