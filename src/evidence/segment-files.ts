import { closeSync, openSync, readSync } from 'node:fs';
import type { Segment } from '../core/ports/content-store.ts';
import { Unreadable } from './inspector.ts';

/** Packs hold many assets and few are needed at a time; the oldest descriptor makes room. */
const MOST_OPEN = 16;

/** The files that segments lie in, opened for reading when first needed. */
export class SegmentFiles implements Disposable {
  readonly #open = new Map<string, number>();

  /**
   * Fills `target` with bytes of the segment from `offset` on.
   *
   * @throws {Unreadable} `io`, or `bytes-missing` if the file ends before the segment does.
   */
  readInto(segment: Segment, offset: number, target: Uint8Array): void {
    let done = 0;
    while (done < target.length) {
      const read = this.#readSome(segment, offset + done, target.subarray(done));
      if (read === 0) throw new Unreadable('bytes-missing', 'a file ends inside a segment');
      done += read;
    }
  }

  #readSome(segment: Segment, offset: number, target: Uint8Array): number {
    try {
      const file = this.#fileOf(segment.path);
      return readSync(file, target, 0, target.length, segment.offset + offset);
    } catch (cause) {
      throw new Unreadable('io', 'a segment cannot be read', { cause });
    }
  }

  #fileOf(path: string): number {
    const known = this.#open.get(path);
    if (known !== undefined) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known;
    }
    for (const [oldest, file] of this.#open) {
      if (this.#open.size < MOST_OPEN) break;
      this.#open.delete(oldest);
      closeSync(file);
    }
    const file = openSync(path, 'r');
    this.#open.set(path, file);
    return file;
  }

  /** Closes what is open. The object can be used again: files are opened anew. */
  [Symbol.dispose](): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }
}
