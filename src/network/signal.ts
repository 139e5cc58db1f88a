/** Something that happens again and again, and can be waited for. */
export class Signal {
  #next = Promise.withResolvers<void>();

  fire(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Waits for the next time, at most so long; says whether it came. */
  async wait(timeoutMs: number): Promise<boolean> {
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
