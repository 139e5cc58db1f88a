import type { Place } from './pack-index.ts';

const FORGET_MS = 3_600_000;
const MOST = 65_536;

/** Where blocks lie that were hashed and found sound lately: 64 GiB of leaves for some megabytes. */
export class SoundPlaces {
  readonly #places = new Set<number>();
  #begun = performance.now();

  has(place: Place): boolean {
    if (performance.now() - this.#begun > FORGET_MS) this.#forget();
    return this.#places.has(keyOf(place));
  }

  add(place: Place): void {
    if (this.#places.size >= MOST) this.#forget();
    this.#places.add(keyOf(place));
  }

  #forget(): void {
    this.#places.clear();
    this.#begun = performance.now();
  }
}

/** Packs are far below 2^40 bytes long, and far fewer than 8,192 of those that are used at once. */
function keyOf({ pack, offset }: Place): number {
  return pack * 2 ** 32 + offset;
}
