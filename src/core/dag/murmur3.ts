const MASK = 0xffff_ffff_ffff_ffffn;
const C1 = 0x87c3_7b91_1142_53d5n;
const C2 = 0x4cf5_ad43_2745_937fn;

/**
 * Returns the first 64 bits of MurmurHash3 x64-128 with seed 0 (Austin Appleby's `MurmurHash3_x64_128`,
 * public domain), by which directories that are sharded place their names.
 */
export function murmur3(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = Math.floor(bytes.length / 16);
  let h1 = 0n;
  let h2 = 0n;
  for (let block = 0; block < blocks; block += 1) {
    h1 ^= mixed1(view.getBigUint64(block * 16, true));
    h1 = ((rotated(h1, 27n) + h2) * 5n + 0x52dc_e729n) & MASK;
    h2 ^= mixed2(view.getBigUint64(block * 16 + 8, true));
    h2 = ((rotated(h2, 31n) + h1) * 5n + 0x3849_5ab5n) & MASK;
  }
  const tail = bytes.subarray(blocks * 16);
  if (tail.length > 8) h2 ^= mixed2(little(tail.subarray(8)));
  if (tail.length > 0) h1 ^= mixed1(little(tail.subarray(0, 8)));
  h1 ^= BigInt(bytes.length);
  h2 ^= BigInt(bytes.length);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  return (finished(h1) + finished(h2)) & MASK;
}

function mixed1(k: bigint): bigint {
  return (rotated((k * C1) & MASK, 31n) * C2) & MASK;
}

function mixed2(k: bigint): bigint {
  return (rotated((k * C2) & MASK, 33n) * C1) & MASK;
}

function rotated(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK;
}

function finished(h: bigint): bigint {
  let k = ((h ^ (h >> 33n)) * 0xff51_afd7_ed55_8ccdn) & MASK;
  k = ((k ^ (k >> 33n)) * 0xc4ce_b9fe_1a85_ec53n) & MASK;
  return k ^ (k >> 33n);
}

function little(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
