/** Something that happens again and again, and can be waited for. */
export class Signal {
  #next = Promise.withResolvers<void>();
  #fired = 0;

  /** How often it has happened: to be read before one looks, and given to {@link Signal.wait}. */
  get fired(): number {
    return this.#fired;
  }

  fire(): void {
    this.#fired += 1;
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /**
   * Waits for the next time, at most so long; says whether it came. What has happened since it had
   * happened `since` times has not been seen yet, and counts.
   */
  async wait(timeoutMs: number, since = this.#fired): Promise<boolean> {
    if (this.#fired !== since) return true;
    const { promise } = this.#next;
    const late = Promise.withResolvers<false>();
    const timer = setTimeout(() => late.resolve(false), timeoutMs);
    try {
      return await Promise.race([promise.then(() => true), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
