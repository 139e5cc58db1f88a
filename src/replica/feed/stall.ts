/** Fires when nothing has moved for too long, or one of the others does. */
export class Stall implements Disposable {
  readonly signal: AbortSignal;
  readonly #stalled = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(afterMs: number, others: readonly (AbortSignal | undefined)[]) {
    this.#timer = setTimeout(() => this.#stalled.abort(), afterMs);
    const signals = others.filter((signal) => signal !== undefined);
    this.signal = AbortSignal.any([...signals, this.#stalled.signal]);
  }

  get isStalled(): boolean {
    return this.#stalled.signal.aborted;
  }

  moved(): void {
    this.#timer.refresh();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
