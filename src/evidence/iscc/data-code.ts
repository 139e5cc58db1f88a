import { GEAR } from './gear.ts';
import { Minhash } from './minhash.ts';
import { xxh32 } from './xxh32.ts';

/** Chunks of 1,024 bytes on average (ISO 24138, Data-Code). */
const LEAST = 256;
const CENTRE = 640;
const STRICT = (1 << 11) - 1;
const LAX = (1 << 9) - 1;
/** No chunk is longer. */
const LONGEST_CHUNK = 8192;

/** The Data-Code of bytes that come in pieces: alike for files that share runs of bytes. */
export class DataHasher {
  readonly #minhash = new Minhash();
  #chunks = 0;

  /**
   * Takes the chunks that begin in `bytes` and are known to be whole, and returns how many bytes
   * those are; the next piece has to begin there. The last piece is taken to its end.
   */
  update(bytes: Uint8Array, isLast: boolean): number {
    let at = 0;
    while (at < bytes.length && (isLast || bytes.length - at >= LONGEST_CHUNK)) {
      const end = endOfChunk(bytes, at);
      this.#minhash.add(xxh32(bytes, at, end));
      this.#chunks += 1;
      at = end;
    }
    return at;
  }

  digest(): Uint8Array {
    if (this.#chunks === 0) this.#minhash.add(xxh32(new Uint8Array()));
    return this.#minhash.digest();
  }
}

function endOfChunk(bytes: Uint8Array, start: number): number {
  const most = Math.min(start + LONGEST_CHUNK, bytes.length);
  const centre = Math.min(start + CENTRE, bytes.length);
  let pattern = 0;
  let at = start + LEAST;
  for (; at < centre; at += 1) {
    pattern = ((pattern >>> 1) + (GEAR[bytes[at] ?? 0] ?? 0)) | 0;
    if ((pattern & STRICT) === 0) return at + 1;
  }
  for (; at < most; at += 1) {
    pattern = ((pattern >>> 1) + (GEAR[bytes[at] ?? 0] ?? 0)) | 0;
    if ((pattern & LAX) === 0) return at + 1;
  }
  return most;
}
