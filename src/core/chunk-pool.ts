/**
 * Buffers of one size that go from one reader to the next: memory outside of the heap that every reader takes
 * anew has the collector run time and again.
 */
export class ChunkPool {
  readonly byteLength: number;
  readonly #most: number;
  readonly #idle: Uint8Array[] = [];

  /** Up to `most` of them are kept while nobody uses them. */
  constructor(byteLength: number, most: number) {
    this.byteLength = byteLength;
    this.#most = most;
  }

  /** Returns one with whatever its last user has left in it. */
  take(): Uint8Array {
    return this.#idle.pop() ?? new Uint8Array(this.byteLength);
  }

  /** Takes one back, of which nobody reads any more. */
  give(chunk: Uint8Array): void {
    if (this.#idle.length < this.#most) this.#idle.push(chunk);
  }
}
