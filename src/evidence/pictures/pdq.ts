import { resizeBicubic } from './bicubic.ts';
import type { GreyPicture } from './grey-picture.ts';

const MOST = 512;
const SIDE = 64;
const BITS = 16;
const PASSES = 2;

export interface PdqHash {
  /** 256 bits in hexadecimal, as Meta's tools print them. */
  readonly hash: string;
  /** 0 to 100: how much there is to see. Below 50 nothing can be said by likeness. */
  readonly quality: number;
}

/**
 * Returns the PDQ hash of a picture ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
 * Algorithm", Meta 2019): blurred and thinned to 64 by 64, its 16 by 16 lowest frequencies against
 * their median. Larger pictures are shrunk to 512 first; small ones are never enlarged.
 */
export function pdqHash(picture: GreyPicture): PdqHash {
  const { width, height, grey } = shrunk(picture);
  let luma: Float32Array = Float32Array.from(grey);
  for (let pass = 0; pass < PASSES; pass += 1) {
    luma = blurred(luma, width, height, windowOf(width), 1, width);
    luma = blurred(luma, height, width, windowOf(height), width, 1);
  }
  const thinned = Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
    const y = Math.trunc(((Math.floor(at / SIDE) + 0.5) * height) / SIDE);
    const x = Math.trunc((((at % SIDE) + 0.5) * width) / SIDE);
    return luma[y * width + x] ?? 0;
  });
  return { hash: bitsOf(frequenciesOf(thinned)), quality: qualityOf(thinned) };
}

function shrunk(picture: GreyPicture): GreyPicture {
  const scale = MOST / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  return resizeBicubic(picture, scaled(picture.width), scaled(picture.height));
}

function windowOf(length: number): number {
  return Math.floor((length + 2 * SIDE - 1) / (2 * SIDE));
}

/** One box filter along every line: means over `window` places, fewer at the ends. */
function blurred(
  from: Float32Array,
  length: number,
  lines: number,
  window: number,
  step: number,
  lineStep: number,
): Float32Array {
  const to = new Float32Array(from.length);
  const before = Math.floor((window + 2) / 2) - 1;
  const after = window - before - 1;
  for (let line = 0; line < lines; line += 1) {
    const start = line * lineStep;
    let sum = 0;
    let count = 0;
    for (let at = 0; at < Math.min(before, length); at += 1) {
      sum += from[start + at * step] ?? 0;
      count += 1;
    }
    for (let at = 0; at < length; at += 1) {
      const entering = at + before;
      const leaving = at - after - 1;
      if (entering < length) {
        sum += from[start + entering * step] ?? 0;
        count += 1;
      }
      if (leaving >= 0) {
        sum -= from[start + leaving * step] ?? 0;
        count -= 1;
      }
      to[start + at * step] = sum / count;
    }
  }
  return to;
}

/** Sums the steps between neighbours that are large enough to be seen. */
function qualityOf(values: Float32Array): number {
  const stepBetween = (a: number, b: number) =>
    Math.abs(Math.trunc((((values[a] ?? 0) - (values[b] ?? 0)) * 100) / 255));
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) {
    if (at + SIDE < values.length) sum += stepBetween(at, at + SIDE);
    if ((at + 1) % SIDE !== 0) sum += stepBetween(at, at + 1);
  }
  return Math.min(100, Math.trunc(sum / 90));
}

/** The cosine at place `at` of the frequencies 1 to 16. */
const COSINES = Array.from({ length: BITS }, (_, frequency) =>
  Float64Array.from({ length: SIDE }, (_, at) =>
    Math.cos((Math.PI / 2 / SIDE) * (frequency + 1) * (2 * at + 1)),
  ),
);

function frequenciesOf(values: Float32Array): readonly number[] {
  const down = COSINES.map((cosine) =>
    Float64Array.from({ length: SIDE }, (_, x) =>
      cosine.reduce((sum, weight, y) => sum + weight * (values[y * SIDE + x] ?? 0), 0),
    ),
  );
  return down.flatMap((row) =>
    COSINES.map((cosine) => cosine.reduce((sum, weight, x) => sum + weight * (row[x] ?? 0), 0)),
  );
}

/** The first bit is printed last. */
function bitsOf(frequencies: readonly number[]): string {
  const middle = frequencies.toSorted((a, b) => a - b)[frequencies.length / 2 - 1] ?? 0;
  const bytes = Buffer.alloc(frequencies.length / 8);
  for (const [bit, value] of frequencies.entries()) {
    const at = bytes.length - 1 - (bit >> 3);
    if (value > middle) bytes[at] = (bytes[at] ?? 0) | (1 << (bit & 7));
  }
  return bytes.toString('hex');
}
