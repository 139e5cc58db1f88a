import type { RandomAccess } from '../inspector.ts';

/** Bytes in memory, read like an asset. */
export class BytesAccess implements RandomAccess {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }
}

/** The same memory with Node's methods for reading numbers, text and finding bytes. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** True if the ASCII text stands at `offset`. */
export function hasAscii(bytes: Uint8Array, offset: number, text: string): boolean {
  if (offset + text.length > bytes.length) return false;
  for (let at = 0; at < text.length; at += 1) {
    if (bytes[offset + at] !== text.charCodeAt(at)) return false;
  }
  return true;
}
