const SIDE = 32;
const BLOCK = 8;
/** Where the four overlapping blocks of low frequencies begin. */
const BLOCKS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

/** Returns the Image-Code of 32 by 32 grey values, row after row (ISO 24138). */
export function imageCode(grey: Uint8Array): Uint8Array {
  const rows = Array.from({ length: SIDE }, (_, y) =>
    cosines([...grey.subarray(SIDE * y, SIDE * (y + 1))]),
  );
  const columns = Array.from({ length: SIDE }, (_, x) => cosines(rows.map((row) => row[x] ?? 0)));
  const digest = new Uint8Array(32);
  for (const [block, [left, top]] of BLOCKS.entries()) {
    const values = Array.from(
      { length: BLOCK * BLOCK },
      (_, at) => columns[left + (at % BLOCK)]?.[top + Math.floor(at / BLOCK)] ?? 0,
    );
    const middle = medianOf(values);
    for (const [at, value] of values.entries()) {
      const bit = BLOCK * BLOCK * block + at;
      if (value > middle) digest[bit >> 3] = (digest[bit >> 3] ?? 0) | (128 >> (bit & 7));
    }
  }
  return digest;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/**
 * The discrete cosine transform by halving (Lee 1984), unscaled, for a power of two. The order of its
 * additions decides ties with the median, so it is that of the reference.
 */
function cosines(values: readonly number[]): readonly number[] {
  const length = values.length;
  if (length === 1) return values;
  const half = length / 2;
  const sums: number[] = [];
  const differences: number[] = [];
  for (let at = 0; at < half; at += 1) {
    const [first, last] = [values[at] ?? 0, values[length - 1 - at] ?? 0];
    sums.push(first + last);
    differences.push((first - last) / (Math.cos(((at + 0.5) * Math.PI) / length) * 2));
  }
  const even = cosines(sums);
  const odd = cosines(differences);
  return even.flatMap((value, at) => [value, (odd[at] ?? 0) + (odd[at + 1] ?? 0)]);
}
