import type { Sharp } from 'sharp';
import { type ByteSource, Unreadable } from '../inspector.ts';
import { imageCode } from '../iscc/image-code.ts';
import { resizeBicubic } from '../pictures/bicubic.ts';
import { type GreyPicture, toGrey } from '../pictures/grey-picture.ts';
import { pdqHash } from '../pictures/pdq.ts';
import { upright } from '../pictures/upright.ts';
import type { Content } from './content.ts';
import { largePicture } from './large-picture.ts';

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
/** What libvips decodes row by row; of everything else, and of interlaced pictures, it holds all pixels at once. */
const BY_ROWS: ReadonlySet<string> = new Set(['jpeg', 'png', 'tiff']);
/** Above this, what is not decoded row by row takes more memory than a small file may ask for. */
const MOST_PIXELS_AT_ONCE = 64_000_000;
/** Above this a picture is decoded into a file, so that its colours never lie in memory at once. */
const MOST_PIXELS_IN_MEMORY = 50_000_000;
const MOST_SECONDS = 8;
const SIDE = 32;

/**
 * Returns what a picture looks like: upright, the first page or frame, on white, in grey.
 *
 * libvips decodes and nothing else: its grey values and resampling give other codes than the reference.
 *
 * @throws {Unreadable} `limit`, `malformed`, `time`, `io`.
 */
export async function pictureContent(
  source: ByteSource,
  pixelsInMemory: number = MOST_PIXELS_IN_MEMORY,
): Promise<Content> {
  if (source.size > MOST_BYTES) throw new Unreadable('limit', 'a picture of too many bytes');
  const bytes = new Uint8Array(source.size);
  source.readInto(0, bytes);
  const picture = await decoded(bytes, pixelsInMemory);
  const { hash, quality } = pdqHash(picture);
  return {
    kind: 'image',
    digest: imageCode(resizeBicubic(picture, SIDE, SIDE).grey),
    facts: { pdq: hash, pdqQuality: quality },
  };
}

async function decoded(bytes: Uint8Array, pixelsInMemory: number): Promise<GreyPicture> {
  const open = await loadSharp();
  try {
    const { width, height, orientation = 1, format, isProgressive } = await open(bytes).metadata();
    const pixels = width * height;
    const isByRows = BY_ROWS.has(format) && !isProgressive;
    const most = isByRows ? MOST_PIXELS : MOST_PIXELS_AT_ONCE;
    if (pixels > most) throw new Unreadable('limit', 'a picture of too many pixels');
    const opened = open(bytes).timeout({ seconds: MOST_SECONDS });
    const stored = pixels > pixelsInMemory ? largePicture(opened, pixels) : smallPicture(opened);
    return upright(await stored, orientation);
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    const reason = isOutOfTime(cause) ? 'time' : 'malformed';
    throw new Unreadable(reason, `the picture cannot be decoded: ${String(cause)}`, { cause });
  }
}

async function smallPicture(picture: Sharp): Promise<GreyPicture> {
  const { data, info } = await picture
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return toGrey(data, info.channels, info.width, info.height);
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
