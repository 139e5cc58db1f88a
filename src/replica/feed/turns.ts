/** What somebody has used counts half after so long. */
const HALF_LIFE_MS = 60_000;

interface Waiting {
  readonly keys: readonly string[];
  readonly begin: () => void;
}

/**
 * One piece of work at a time, and whoever has used least goes first: a flood delays itself and nobody
 * else, nothing is refused, and alone one is never delayed.
 *
 * What is used is time, counted against several keys: who sends, and whose words they are.
 */
export class Turns {
  readonly #now: () => number;
  readonly #used = new Map<string, { amount: number; at: number }>();
  readonly #waiting: Waiting[] = [];
  #isBusy = false;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Returns what `work` does, when it is the turn of these keys; each of them pays for it. */
  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    await new Promise<void>((begin) => {
      this.#waiting.push({ keys, begin });
      this.#next();
    });
    const start = this.#now();
    try {
      return await work();
    } finally {
      const spent = this.#now() - start;
      for (const key of keys) this.#charge(key, spent);
      this.#isBusy = false;
      this.#next();
    }
  }

  #next(): void {
    if (this.#isBusy) return;
    let first = 0;
    for (let i = 1; i < this.#waiting.length; i++) {
      if (this.#usedBy(this.#waiting[i]) < this.#usedBy(this.#waiting[first])) first = i;
    }
    const [next] = this.#waiting.splice(first, 1);
    if (next === undefined) return;
    this.#isBusy = true;
    next.begin();
  }

  #usedBy(waiting: Waiting | undefined): number {
    return Math.max(0, ...(waiting?.keys ?? []).map((key) => this.#decayed(key)));
  }

  #charge(key: string, spent: number): void {
    const amount = this.#decayed(key) + spent;
    // Deleted first, so that those that were charged longest ago come first.
    this.#used.delete(key);
    this.#used.set(key, { amount, at: this.#now() });
    // A key that has been quiet for long owes nothing.
    for (const [other, { at }] of this.#used) {
      if (this.#now() - at < 20 * HALF_LIFE_MS) break;
      this.#used.delete(other);
    }
  }

  #decayed(key: string): number {
    const used = this.#used.get(key);
    if (used === undefined) return 0;
    return used.amount * 0.5 ** ((this.#now() - used.at) / HALF_LIFE_MS);
  }
}
