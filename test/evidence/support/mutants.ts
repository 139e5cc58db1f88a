import type { NamedBytes } from './inspected.ts';

/** A small generator of numbers with a fixed seed (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

/** Returns copies of a file with one, eight or 64 flipped bits; every fourth is cut short instead. */
export function mutants(
  { filename, bytes }: NamedBytes,
  count: number,
  seed: number,
): NamedBytes[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, number) => {
    if (number % 4 === 0) return { filename, bytes: bytes.subarray(0, random(bytes.length)) };
    const mutant = Uint8Array.from(bytes);
    for (let flips = [1, 8, 64][number % 3] ?? 1; flips > 0; flips -= 1) {
      const at = random(mutant.length);
      mutant[at] = (mutant[at] ?? 0) ^ (1 << random(8));
    }
    return { filename, bytes: mutant };
  });
}
