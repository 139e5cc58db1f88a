/** Choices that are the same for the same seed. */
export interface Random {
  /** A number in [0, 1). */
  (): number;
  /** A whole number from 0 to one less than this. */
  below(bound: number): number;
  /** One of a list; the list must not be empty. */
  of<T>(list: readonly T[]): T;
}

export function seededRandom(seed: number): Random {
  const next = generator(seed);
  const below = (bound: number) => Math.floor(next() * bound);
  return Object.assign(next, {
    below,
    of<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('there is nothing to choose from');
      return list[below(list.length)] as T;
    },
  });
}

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
