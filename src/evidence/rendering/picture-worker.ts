import { readFileSync, writeSync } from 'node:fs';
import sharp from 'sharp';
import type { PictureOrder } from './picture-order.ts';
import { STATUS_LIMIT } from './picture-status.ts';
import { selfContained } from './self-contained.ts';

/**
 * A process that decodes one picture from standard input and writes it to standard output, made small.
 * Its argument is the order as JSON. Whatever the bytes do to it, they do to it alone.
 */

const MOST_BYTES = 512 * 1024 * 1024;
const MOST_PIXELS = 0x3fff * 0x3fff;
const TOO_LARGE = /exceeds pixel limit|out of memory|too large|dimensions/i;

// Only this program starts it, and loading what could check the order takes longer than most pictures.
const order: PictureOrder = JSON.parse(process.argv[2] ?? '');
sharp.concurrency(1);
sharp.cache(false);
try {
  process.exitCode = await draw();
} catch (error) {
  process.exitCode = TOO_LARGE.test(String(error)) ? STATUS_LIMIT : 1;
}

async function draw(): Promise<number> {
  const bytes = readFileSync(0);
  if (bytes.length > MOST_BYTES) return STATUS_LIMIT;
  const { format, side, quality, isDrawing } = order;
  const picture = sharp(isDrawing ? selfContained(bytes) : bytes, {
    limitInputPixels: MOST_PIXELS,
    failOn: 'error',
  })
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: !isDrawing })
    .flatten({ background: '#fff' })
    .toColourspace('srgb');
  const { data } = await picture
    .toFormat(format, quality === undefined ? {} : { quality })
    .toBuffer({ resolveWithObject: true });
  for (let written = 0; written < data.length; ) written += writeSync(1, data, written);
  return 0;
}
