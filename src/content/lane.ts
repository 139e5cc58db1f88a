/** Runs asynchronous work one after the other, in the order asked. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether nothing runs or waits, so that synchronous work now would be alone. */
  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  /** Returns what `work` returns, once all work asked for before has ended, well or not. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = result.then(ignore, ignore);
    return result;
  }
}

/** The caller of `run` gets the outcome; the queue only needs to know that it ended. */
function ignore(): void {}
