import type { Cid } from '../core/cid.ts';
import type { Segment } from '../core/ports/content-store.ts';
import type { InspectionRequest } from '../core/ports/inspector.ts';
import { type ByteSource, Unreadable } from './inspector.ts';
import type { SegmentFiles } from './segment-files.ts';

/** Greatest length of {@link ByteSource.head}. */
export const HEAD_BYTES = 64 * 1024;

/** The bytes of one asset, read from the segments that hold them. Small assets are read once. */
export class SegmentSource implements ByteSource {
  readonly cid: Cid;
  readonly size: number;
  readonly filename: string;
  readonly head: Uint8Array;
  readonly #files: SegmentFiles;
  readonly #segments: readonly Segment[];
  /** Where each segment begins in the asset. */
  readonly #starts: Float64Array;
  readonly #readBytes: number;

  /**
   * Keeps the head in `room`, of {@link HEAD_BYTES}, which can be used again for the next asset.
   *
   * @throws {Unreadable} `bytes-missing` if the segments do not add up to `size`; `io`.
   */
  constructor(
    request: InspectionRequest,
    files: SegmentFiles,
    readBytes: number,
    room: Uint8Array,
  ) {
    this.cid = request.cid;
    this.size = request.size;
    this.filename = request.filename;
    this.#files = files;
    this.#segments = request.segments;
    this.#readBytes = readBytes;
    this.#starts = new Float64Array(request.segments.length);
    let total = 0;
    for (const [index, segment] of request.segments.entries()) {
      this.#starts[index] = total;
      total += segment.length;
    }
    if (total !== request.size) {
      throw new Unreadable('bytes-missing', `segments of ${total} bytes for ${request.size}`);
    }
    const head = room.subarray(0, Math.min(request.size, HEAD_BYTES));
    this.#fill(0, head);
    this.head = head;
  }

  read(offset: number, length: number): Uint8Array {
    const start = Math.min(Math.max(0, offset), this.size);
    const end = Math.min(start + Math.max(0, length), this.size);
    if (end <= this.head.length) return this.head.subarray(start, end);
    if (end - start > this.#readBytes) {
      throw new Unreadable('limit', `a read of ${end - start} bytes is above the limit`);
    }
    const bytes = new Uint8Array(end - start);
    this.#fill(start, bytes);
    return bytes;
  }

  readInto(offset: number, target: Uint8Array): number {
    const length = Math.max(0, Math.min(target.length, this.size - offset));
    if (offset + length <= this.head.length)
      target.set(this.head.subarray(offset, offset + length));
    else this.#fill(offset, target.subarray(0, length));
    return length;
  }

  #fill(offset: number, target: Uint8Array): void {
    let done = 0;
    let index = this.#segmentAt(offset);
    while (done < target.length) {
      const segment = this.#segments[index];
      if (segment === undefined) throw new Unreadable('bytes-missing', 'the segments end early');
      const inside = offset + done - (this.#starts[index] ?? 0);
      const length = Math.min(segment.length - inside, target.length - done);
      this.#files.readInto(segment, inside, target.subarray(done, done + length));
      done += length;
      index += 1;
    }
  }

  /** The last segment that begins at or before `offset`. */
  #segmentAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
