import { type Cid, cidToBytes } from '../../cid.ts';
import { concatBytes, fromHex, type Sha256, toHex } from '../../hash.ts';

/** Which items of a set attestation are looked at (policy.md §3). */

/** Draws of a first attempt. */
export const FIRST_SAMPLE = 300;

/** Returns how many draws the attempt after so many failed ones has: all items if there are fewer. */
export function sampleSize(failures: number, count: number): number {
  return Math.min(count, FIRST_SAMPLE * 2 ** Math.min(failures, 40));
}

/**
 * Returns the seed of a sample in hexadecimal: SHA-256 of the bytes of the set's CID and the root of
 * the tree of the checkpoint, also in hexadecimal.
 */
export function sampleSeed(set: Cid, root: string, sha256: Sha256): string {
  return toHex(sha256(concatBytes(cidToBytes(set), fromHex(root) ?? new Uint8Array())));
}

/**
 * Returns the places of an attempt's draws among `count` items, without repetition. An attempt of
 * another size has other draws, so that none is known before the one before it has failed.
 *
 * The i-th candidate is the first 6 bytes, big-endian, of SHA-256(seed ‖ size ‖ i), with size and i as
 * 8 bytes each, modulo `count`; numbers that would make some places likelier, and places that were drawn
 * before, are passed over. Where all items are drawn they come in their order.
 */
export function drawsOf(
  { seed, size }: { readonly seed: string; readonly size: number },
  count: number,
  sha256: Sha256,
): readonly number[] {
  if (size >= count) return Array.from({ length: count }, (_, place) => place);
  const bytes = new Uint8Array(48);
  bytes.set(fromHex(seed) ?? new Uint8Array());
  const view = new DataView(bytes.buffer);
  view.setBigUint64(32, BigInt(size));
  const limit = Math.floor(2 ** 48 / count) * count;
  const places = new Set<number>();
  for (let i = 0; places.size < size; i += 1) {
    view.setBigUint64(40, BigInt(i));
    const digest = sha256(bytes);
    const number = new DataView(digest.buffer, digest.byteOffset).getUint32(0) * 2 ** 16;
    const whole = number + ((digest[4] ?? 0) << 8) + (digest[5] ?? 0);
    if (whole < limit) places.add(whole % count);
  }
  return [...places];
}

/**
 * Returns the greatest share of defects, in percent and rounded up to a tenth, with which a sample of
 * this size without a defect is still seen once in twenty: 1 for 300.
 */
export function defectBound(size: number): number {
  return Math.ceil((1 - 0.05 ** (1 / size)) * 1000) / 10;
}
