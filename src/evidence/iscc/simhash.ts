/** Returns the bits that at least half of the features have; all are of the same length. */
export function simhash(features: readonly Uint8Array[]): Uint8Array {
  const length = features[0]?.length ?? 0;
  const counts = new Uint32Array(8 * length);
  for (const feature of features) {
    for (let bit = 0; bit < counts.length; bit += 1) {
      counts[bit] = (counts[bit] ?? 0) + (((feature[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    }
  }
  const digest = new Uint8Array(length);
  for (const [bit, count] of counts.entries()) {
    if (2 * count < features.length) continue;
    digest[bit >> 3] = (digest[bit >> 3] ?? 0) | (128 >> (bit & 7));
  }
  return digest;
}
