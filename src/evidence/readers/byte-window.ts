import type { RandomAccess } from '../inspector.ts';
import { toBuffer } from './bytes.ts';

/** A device gives no less at a time. */
const WINDOW_BYTES = 4 * 1024;

/** Single bytes and short pieces of an asset in rising order, read 4 KiB at a time. */
export class ByteWindow {
  readonly #source: RandomAccess;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(source: RandomAccess) {
    this.#source = source;
  }

  /** Returns `length` bytes, at most 4 KiB, from `offset`; fewer at the end. */
  at(offset: number, length: number): Buffer {
    const isInside = offset >= this.#start && offset + length <= this.#start + this.#bytes.length;
    if (!isInside) {
      this.#start = offset;
      this.#bytes = toBuffer(this.#source.read(offset, WINDOW_BYTES));
    }
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length);
  }
}
