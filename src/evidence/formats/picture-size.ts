import { type ByteSource, Unreadable } from '../inspector.ts';
import { hasAscii, toBuffer } from '../readers/bytes.ts';
import { jpegSegments } from '../readers/jpeg-segments.ts';
import { rootElement } from '../readers/root-element.ts';

/** Width and height in pixels, as stored: an orientation in EXIF is not applied. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Returns the size of a PNG, JPEG, WebP, GIF or SVG, or undefined if it does not say a usable one. */
export function pictureSize(source: ByteSource, mediaType: string): PictureSize | undefined {
  const size = statedSize(source, mediaType);
  if (size === undefined) return undefined;
  const width = Math.round(size.width);
  const height = Math.round(size.height);
  const isUsable = (length: number) => length >= 1 && length <= 0x7fff_ffff;
  return isUsable(width) && isUsable(height) ? { width, height } : undefined;
}

function statedSize(source: ByteSource, mediaType: string): PictureSize | undefined {
  const head = toBuffer(source.head);
  switch (mediaType) {
    case 'image/png':
    case 'image/apng':
      return head.length < 24
        ? undefined
        : { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
    case 'image/gif':
      return head.length < 10
        ? undefined
        : { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
    case 'image/webp':
      return webpSize(head);
    case 'image/jpeg':
      return jpegSize(source);
    case 'image/svg+xml':
      return svgSize(source);
    default:
      return undefined;
  }
}

/** RFC 9649: the first chunk is `VP8X` (24-bit sizes less one), `VP8L` (14 bits less one) or `VP8 `. */
function webpSize(head: Buffer): PictureSize | undefined {
  if (head.length < 30) return undefined;
  if (hasAscii(head, 12, 'VP8X')) {
    return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  }
  if (hasAscii(head, 12, 'VP8L')) {
    const bits = head.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  if (!hasAscii(head, 12, 'VP8 ')) return undefined;
  return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
}

/** Frame headers are markers C0 to CF, but C4, C8 and CC mean something else (T.81, table B.1). */
function jpegSize(source: ByteSource): PictureSize | undefined {
  try {
    for (const { marker, offset, length } of jpegSegments(source)) {
      const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
      if (!isFrame || length < 5) continue;
      const frame = toBuffer(source.read(offset, 5));
      return { height: frame.readUInt16BE(1), width: frame.readUInt16BE(3) };
    }
  } catch (error) {
    if (!(error instanceof Unreadable) || error.reason === 'io') throw error;
  }
  return undefined;
}

/** CSS pixels per unit (CSS Values 3, 5.2); lengths relative to something outside are of no use. */
const PIXELS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
};

function svgSize(source: ByteSource): PictureSize | undefined {
  const attributes = rootElement(source)?.attributes;
  const width = pixels(attributes?.get('width'));
  const height = pixels(attributes?.get('height'));
  if (width !== undefined && height !== undefined) return { width, height };
  const box = (attributes?.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , boxWidth, boxHeight] = box;
  if (boxWidth === undefined || boxHeight === undefined || box.some(Number.isNaN)) return undefined;
  return { width: boxWidth, height: boxHeight };
}

function pixels(length: string | undefined): number | undefined {
  const match = /^\s*(\d{1,10}(?:\.\d{0,10})?)\s*(px|pt|pc|mm|cm|in|)\s*$/i.exec(length ?? '');
  const factor = PIXELS[match?.[2]?.toLowerCase() ?? 'none'];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}
