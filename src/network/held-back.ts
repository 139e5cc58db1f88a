import type { Stream } from '@libp2p/interface';

/** Lets a stream hand on what it has, or leaves that in the peer's window, by what the reader has enough of. */
export class HeldBack {
  readonly #stream: Stream;
  readonly #hasEnough: () => boolean;
  #isResuming = false;

  constructor(stream: Stream, hasEnough: () => boolean) {
    this.#stream = stream;
    this.#hasEnough = hasEnough;
  }

  /** To be called whenever something was handed on. */
  pauseIfEnough(): void {
    const mayPause = !this.#isResuming && this.#stream.readStatus === 'readable';
    if (mayPause && this.#hasEnough()) this.#stream.pause();
  }

  /** Says no where the connection has gone meanwhile; what was buffered has been handed on all the same. */
  resume(): boolean {
    if (this.#stream.readStatus !== 'paused') return true;
    // It hands on what was buffered, and opens the window afterwards: paused in between, a stream would
    // go on opening its window until its buffer overflows.
    this.#isResuming = true;
    try {
      this.#stream.resume();
      return true;
    } catch {
      return false;
    } finally {
      this.#isResuming = false;
      this.pauseIfEnough();
    }
  }
}
