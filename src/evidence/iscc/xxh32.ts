/**
 * XXH32 with seed 0 (xxHash specification 0.1.1) of `bytes` from `start` to `end`. Without calls into a
 * library: it is asked for a few bytes at a time, a million times for one book.
 */
export function xxh32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let at = start;
  let hash: number;
  if (end - start >= 16) {
    let a = (PRIME_1 + PRIME_2) | 0;
    let b = PRIME_2;
    let c = 0;
    let d = -PRIME_1 | 0;
    for (; at + 16 <= end; at += 16) {
      a = round(a, wordAt(bytes, at));
      b = round(b, wordAt(bytes, at + 4));
      c = round(c, wordAt(bytes, at + 8));
      d = round(d, wordAt(bytes, at + 12));
    }
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
  } else hash = PRIME_5;
  hash = (hash + (end - start)) | 0;
  for (; at + 4 <= end; at += 4) {
    hash = (hash + Math.imul(wordAt(bytes, at), PRIME_3)) | 0;
    hash = Math.imul(rotate(hash, 17), PRIME_4);
  }
  for (; at < end; at += 1) {
    hash = (hash + Math.imul(bytes[at] ?? 0, PRIME_5)) | 0;
    hash = Math.imul(rotate(hash, 11), PRIME_1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const PRIME_1 = 0x9e3779b1 | 0;
const PRIME_2 = 0x85ebca77 | 0;
const PRIME_3 = 0xc2b2ae3d | 0;
const PRIME_4 = 0x27d4eb2f | 0;
const PRIME_5 = 0x165667b1 | 0;

function round(accumulator: number, word: number): number {
  return Math.imul(rotate((accumulator + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}
