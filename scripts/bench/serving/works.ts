import sharp from 'sharp';
import { seededRandom } from '../../../test/support/random.ts';

const SIDE = 512;
const BYTES = SIDE * SIDE * 3;
/** Each of so many by so many fields has a colour of its own, so that no picture looks like another. */
const FIELDS = 8;
/** How far the grain goes to either side: it makes a JPEG as large as a photograph of that side. */
const GRAIN = 20;

/** Returns JPEG pictures of some 50 KB by their file names, no two alike. */
export async function pictures(count: number): Promise<Readonly<Record<string, Uint8Array>>> {
  const random = seededRandom(0);
  const grain = Int8Array.from({ length: 2 * BYTES }, () => (random() - random()) * GRAIN);
  const works: Record<string, Uint8Array> = {};
  for (let number = 0; number < count; number += 1) {
    works[`picture-${String(number).padStart(5, '0')}.jpg`] = await pictureOf(number, grain);
  }
  return works;
}

async function pictureOf(number: number, grain: Int8Array): Promise<Uint8Array> {
  const random = seededRandom(number);
  const fields = Buffer.from(Array.from({ length: FIELDS ** 2 * 3 }, () => random() * 256));
  const colours = await sharp(fields, { raw: { width: FIELDS, height: FIELDS, channels: 3 } })
    .resize(SIDE, SIDE, { kernel: 'cubic' })
    .raw()
    .toBuffer();
  const from = random.below(BYTES);
  const pixels = Uint8ClampedArray.from(colours, (one, at) => one + (grain[from + at] ?? 0));
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg({ quality: 82 })
    .toBuffer();
}
