import type { GreyPicture } from './grey-picture.ts';

const SIDE = 64;
const BITS = 16;

export interface PdqHash {
  /** 256 bits in hexadecimal, as Meta's tools print them. */
  readonly hash: string;
  /** 0 to 100: how much there is to see. Below 50 nothing can be said by likeness. */
  readonly quality: number;
}

/**
 * Returns the PDQ hash of a picture ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
 * Algorithm", Meta 2019): blurred and thinned to 64 by 64, its 16 by 16 lowest frequencies against
 * their median. The picture is taken as large as it is, as in Meta's published hashes: shrinking it
 * first, as their tools do to save time, moves some bits, by another few for each way of shrinking.
 */
export function pdqHash({ width, height, grey }: GreyPicture): PdqHash {
  // Rows and columns are blurred independently, so of all columns only those are that remain.
  const across = thinnerOf(width);
  const down = thinnerOf(height);
  const columns = new Float32Array(SIDE * height);
  for (let y = 0; y < height; y += 1) {
    const means = across(grey.subarray(y * width, (y + 1) * width));
    for (let x = 0; x < SIDE; x += 1) columns[x * height + y] = means[x] ?? 0;
  }
  const thinned = new Float32Array(SIDE * SIDE);
  for (let x = 0; x < SIDE; x += 1) {
    const means = down(columns.subarray(x * height, (x + 1) * height));
    for (let y = 0; y < SIDE; y += 1) thinned[y * SIDE + x] = means[y] ?? 0;
  }
  return { hash: bitsOf(frequenciesOf(thinned)), quality: qualityOf(thinned) };
}

/**
 * Returns a function from a line of `length` places to 64 of them, blurred by two box filters: each
 * gives means over a 128th of the line, of fewer places at its ends. The result is valid until the next.
 */
function thinnerOf(length: number): (line: Uint8Array | Float32Array) => Float32Array {
  const window = Math.floor((length + 2 * SIDE - 1) / (2 * SIDE));
  const after = Math.floor(window / 2) + 1;
  const before = window - after;
  /** Of all places before. */
  const sums = new Float64Array(length + 1);
  const thinned = new Float32Array(SIDE);
  return (line) => {
    let sum = 0;
    for (let at = 0; at < length; at += 1) {
      sum += line[at] ?? 0;
      sums[at + 1] = sum;
    }
    for (let place = 0; place < SIDE; place += 1) {
      const middle = Math.trunc(((place + 0.5) * length) / SIDE);
      const start = Math.max(0, middle - before);
      const end = Math.min(length, middle + after);
      let means = 0;
      for (let at = start; at < end; at += 1) {
        const first = Math.max(0, at - before);
        const next = Math.min(length, at + after);
        means += ((sums[next] ?? 0) - (sums[first] ?? 0)) / (next - first);
      }
      thinned[place] = means / (end - start);
    }
    return thinned;
  };
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
