import type { GreyPicture } from './grey-picture.ts';

/** Bits after the point: 32 less 8 for the value and 2 for sums above it. */
const PRECISION = 22;

/**
 * Returns a picture resized as Pillow resizes it with its filter BICUBIC (a = -0.5, widened when it gets
 * smaller, one pass for each direction, rounded to bytes between): other programs' bicubic filters give
 * other codes for one picture in two.
 */
export function resizeBicubic(picture: GreyPicture, width: number, height: number): GreyPicture {
  const columns = weightsOf(picture.width, width);
  const rows = weightsOf(picture.height, height);
  const narrow = new Uint8Array(width * picture.height);
  for (let y = 0; y < picture.height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const { first, weights } = columns[x] ?? NOTHING;
      narrow[y * width + x] = weighed(picture.grey, y * picture.width + first, 1, weights);
    }
  }
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const { first, weights } = rows[y] ?? NOTHING;
    for (let x = 0; x < width; x += 1) {
      grey[y * width + x] = weighed(narrow, first * width + x, width, weights);
    }
  }
  return { width, height, grey };
}

function weighed(values: Uint8Array, start: number, step: number, weights: Int32Array): number {
  let sum = 1 << (PRECISION - 1);
  let from = start;
  for (let at = 0; at < weights.length; at += 1) {
    sum = (sum + Math.imul(values[from] ?? 0, weights[at] ?? 0)) | 0;
    from += step;
  }
  const value = sum >> PRECISION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

interface Weights {
  readonly first: number;
  readonly weights: Int32Array;
}

const NOTHING: Weights = { first: 0, weights: new Int32Array() };

/** For each place of a line of `to` pixels, which of `from` pixels it is made of. */
function weightsOf(from: number, to: number): readonly Weights[] {
  const scale = from / to;
  const widened = Math.max(scale, 1);
  const support = 2 * widened;
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const parts = Array.from({ length: end - first }, (_, at) =>
      bicubic((at + first - centre + 0.5) / widened),
    );
    const sum = parts.reduce((all, part) => all + part, 0);
    const weights = Int32Array.from(parts, (part) => {
      const weight = (part / sum) * (1 << PRECISION);
      return Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    });
    return { first, weights };
  });
}

function bicubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}
