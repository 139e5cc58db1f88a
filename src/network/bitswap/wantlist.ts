import type { BitswapMessage, Want } from './message.ts';

/** What one peer wants and was not answered yet, in the order in which it came; so many, and no more. */
export class Wantlist {
  readonly #limit: number;
  readonly #wants = new Map<string, Want>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#wants.size;
  }

  /** Takes what a message adds and cancels. What there is no room for is forgotten. */
  update({ isFull, wants }: Pick<BitswapMessage, 'isFull' | 'wants'>): void {
    if (isFull) this.#wants.clear();
    for (const want of wants) {
      const key = Buffer.from(want.cid).toString('latin1');
      if (want.isCancelled) this.#wants.delete(key);
      else if (this.#wants.has(key) || this.#wants.size < this.#limit) this.#wants.set(key, want);
    }
  }

  /** Takes out the want that has waited longest. */
  take(): Want | undefined {
    for (const [key, want] of this.#wants) {
      this.#wants.delete(key);
      return want;
    }
    return undefined;
  }

  clear(): void {
    this.#wants.clear();
  }
}
