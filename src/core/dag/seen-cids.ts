import type { CID } from 'multiformats/cid';

const FIRST_PLACES = 1024;

/**
 * Which CIDs have been met, at eight to thirty-two bytes each: by 64 bits of their digests and their
 * codec. Two that agree in those are taken for one, which only who makes them on purpose can bring
 * about, and whoever reads the DAG notices that a block is missing.
 */
export class SeenCids {
  #places = new BigUint64Array(FIRST_PLACES);
  #size = 0;

  /** Says whether it was not met before. */
  add(cid: CID): boolean {
    const key = keyOf(cid);
    if (!insert(this.#places, key)) return false;
    this.#size += 1;
    if (this.#size * 2 > this.#places.length) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#places.length * 2);
    for (const key of this.#places) if (key !== 0n) insert(larger, key);
    this.#places = larger;
  }
}

function insert(places: BigUint64Array, key: bigint): boolean {
  const mask = places.length - 1;
  let at = Number(key & 0xffff_ffffn) & mask;
  for (;;) {
    const there = places[at];
    if (there === key) return false;
    if (there === 0n) {
      places[at] = key;
      return true;
    }
    at = (at + 1) & mask;
  }
}

/** Never 0, which is the mark of an empty place. */
function keyOf({ code, multihash: { digest } }: CID): bigint {
  let key = 0n;
  for (const byte of digest.subarray(0, 8)) key = (key << 8n) | BigInt(byte);
  return key ^ BigInt(code) || 1n;
}
