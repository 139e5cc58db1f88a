import type { Metadata, Sharp } from 'sharp';
import { type ByteSource, Unreadable } from '../inspector.ts';
import { imageCode } from '../iscc/image-code.ts';
import { resizeBicubic } from '../pictures/bicubic.ts';
import { toGrey } from '../pictures/grey-picture.ts';
import { pdqHash } from '../pictures/pdq.ts';
import type { Content } from './content.ts';

/**
 * What is decoded. SVG is not: what it looks like depends on the fonts and the renderer of a machine,
 * and its text says more than a rendering.
 */
export const PICTURES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/webp',
  'image/tiff',
  'image/gif',
  'image/avif',
]);

const MOST_BYTES = 256 * 1024 * 1024;
const MOST_PIXELS = 0x3fff * 0x3fff;
/** Above this a picture is shrunk while it is decoded, so that its pixels never lie in memory at once. */
const MOST_PIXELS_IN_MEMORY = 50_000_000;
const SHRUNK_SIDE = 4096;
const MOST_SECONDS = 8;
const SIDE = 32;

/**
 * Returns what a picture looks like: upright, the first page or frame, on white, in grey.
 *
 * libvips decodes and nothing else: its grey values and resampling give other codes than the reference.
 *
 * @throws {Unreadable} `limit`, `malformed`.
 */
export async function pictureContent(source: ByteSource): Promise<Content> {
  if (source.size > MOST_BYTES) throw new Unreadable('limit', 'a picture of too many bytes');
  const bytes = new Uint8Array(source.size);
  source.readInto(0, bytes);
  const { data, info } = await decoded(bytes);
  const picture = toGrey(data, info.channels, info.width, info.height);
  const { hash, quality } = pdqHash(picture);
  return {
    kind: 'image',
    digest: imageCode(resizeBicubic(picture, SIDE, SIDE).grey),
    facts: { pdq: hash, pdqQuality: quality },
  };
}

async function decoded(bytes: Uint8Array) {
  const open = await loadSharp();
  try {
    const { width, height } = await open(bytes).metadata();
    if (width * height > MOST_PIXELS) throw new Unreadable('limit', 'a picture of too many pixels');
    const upright = open(bytes).autoOrient();
    return await shrunk(upright, { width, height })
      .timeout({ seconds: MOST_SECONDS })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    const reason = isOutOfTime(cause) ? 'time' : 'malformed';
    throw new Unreadable(reason, `the picture cannot be decoded: ${String(cause)}`, { cause });
  }
}

function shrunk(picture: Sharp, { width, height }: Pick<Metadata, 'width' | 'height'>): Sharp {
  if (width * height <= MOST_PIXELS_IN_MEMORY) return picture;
  return picture.resize({
    width: SHRUNK_SIDE,
    height: SHRUNK_SIDE,
    fit: 'inside',
    withoutEnlargement: true,
  });
}

function isOutOfTime(error: unknown): boolean {
  return error instanceof Error && error.message.includes('timeout');
}

let loading: Promise<(bytes: Uint8Array) => Sharp> | undefined;

/** Loaded with the first picture: it starts libvips. */
function loadSharp(): Promise<(bytes: Uint8Array) => Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    return (bytes) =>
      sharp(bytes, { limitInputPixels: MOST_PIXELS, ignoreIcc: true, failOn: 'error' });
  });
  return loading;
}
