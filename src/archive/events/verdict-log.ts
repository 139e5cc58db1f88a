import type { CatalogNews, VerdictChange } from '../../core/ports/verdict-news.ts';

/** Changes that are remembered; some 10 MB. */
const MOST = 65_536;

/** The newest changes of verdicts, numbered in the order of arrival. Older ones are forgotten. */
export class VerdictLog {
  readonly #most: number;
  #changes: VerdictChange[] = [];
  /** Number of the first that is remembered. */
  #first = 0;
  #completeFrom: number;

  /** Knows nothing of the entries before this arrival number. */
  constructor(next: number, most = MOST) {
    this.#completeFrom = next;
    this.#most = most;
  }

  /** What entries from this arrival number on have changed is all remembered. */
  get completeFrom(): number {
    return this.#completeFrom;
  }

  /** Number of the oldest that is remembered. */
  get first(): number {
    return this.#first;
  }

  add({ next, verdicts, isCut }: CatalogNews): void {
    if (isCut) {
      this.#drop(this.#changes.length, next);
      return;
    }
    for (const change of verdicts) {
      // A record that came late is no entry; what it changes is told with the newest.
      const arrival = change.arrival < this.#newest() ? next - 1 : change.arrival;
      this.#changes.push({ ...change, arrival });
    }
    const over = this.#changes.length - this.#most;
    if (over <= 0) return;
    // More at once, so that it is not done each time.
    const count = Math.max(over, this.#most / 2);
    this.#drop(count, (this.#changes[count - 1]?.arrival ?? 0) + 1);
  }

  /** Returns the number of the first change by this entry or a later one, or of the next to come. */
  numberAt(arrival: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.arrival ?? 0) < arrival) low = middle + 1;
      else high = middle;
    }
    return this.#first + low;
  }

  change(number: number): VerdictChange | undefined {
    return this.#changes[number - this.#first];
  }

  #newest(): number {
    return this.#changes.at(-1)?.arrival ?? 0;
  }

  /** One number more is gone than changes are, so that whoever was up to date learns of a cut too. */
  #drop(count: number, completeFrom: number): void {
    const isCut = count === this.#changes.length;
    this.#changes = this.#changes.slice(count);
    this.#first += isCut ? count + 1 : count;
    this.#completeFrom = completeFrom;
  }
}
