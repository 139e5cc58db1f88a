import type { Clock } from '../../core/ports/environment.ts';
import { type Bandwidth, rateAt } from '../../core/sharing/bandwidth.ts';

/** Resolves after so many milliseconds, or rejects when the signal fires. */
type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** What may be used before a cap bites, in seconds of the rate. */
const BURST_SECONDS = 1;

/** Looked again at the clock after at most so long, since the rate may be another by then. */
const MAX_SLEEP_MS = 60_000;

/** Lets bytes pass at the rate of the hour: callers together never use more. */
export class Pacer {
  readonly #bandwidth: Bandwidth;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  #credit = 0;
  #countedAt: number;

  constructor(bandwidth: Bandwidth, clock: Clock, sleep: Sleep) {
    this.#bandwidth = bandwidth;
    this.#clock = clock;
    this.#sleep = sleep;
    this.#countedAt = clock();
  }

  /** Whether anything may pass at this hour. */
  get isOpen(): boolean {
    return rateAt(this.#bandwidth, this.#clock()) > 0;
  }

  /**
   * Resolves when so many bytes may pass. What is larger than a second's worth passes on credit, and
   * those who come later wait for it.
   */
  async pass(byteLength: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = this.#clock();
      const rate = rateAt(this.#bandwidth, now);
      if (rate === Number.POSITIVE_INFINITY) return;
      const earned = (rate * (now - this.#countedAt)) / 1000;
      this.#credit = Math.min(rate * BURST_SECONDS, this.#credit + earned);
      this.#countedAt = now;
      if (rate > 0 && this.#credit >= 0) {
        this.#credit -= byteLength;
        return;
      }
      const waitMs = rate > 0 ? (-this.#credit / rate) * 1000 : MAX_SLEEP_MS;
      await this.#sleep(Math.min(MAX_SLEEP_MS, Math.max(1, Math.ceil(waitMs))), signal);
    }
  }
}
