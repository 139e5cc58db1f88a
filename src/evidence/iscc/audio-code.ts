import { simhash } from './simhash.ts';

/**
 * Returns the Audio-Code of a Chromaprint fingerprint, which is a list of signed 32-bit numbers (ISO
 * 24138): 32 bits of the whole, of each quarter in order, and of each third by size.
 */
export function audioCode(fingerprint: readonly number[]): Uint8Array {
  if (fingerprint.length === 0) return new Uint8Array(32);
  const features = fingerprint.map(bytesOf);
  const bySize = fingerprint.toSorted((a, b) => a - b).map(bytesOf);
  const parts = [features, ...divided(features, 4), ...divided(bySize, 3)];
  return Buffer.concat(parts.map((part) => (part.length === 0 ? Buffer.alloc(4) : simhash(part))));
}

function bytesOf(number: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}

/** Parts of the same length; the first ones are one longer where it does not come out even. */
function divided<T>(items: readonly T[], parts: number): (readonly T[])[] {
  const least = Math.floor(items.length / parts);
  const longer = items.length % parts;
  const startOf = (part: number) => part * least + Math.min(part, longer);
  return Array.from({ length: parts }, (_, part) => items.slice(startOf(part), startOf(part + 1)));
}
