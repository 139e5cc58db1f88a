/** Names that are counted apart; whatever else a release says is counted together. */
const MOST = 1_000;
const OTHERS = 'others';

/** Counts by name, in constant memory whatever names there are. */
export class Counter {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const known = this.#counts.has(name) || this.#counts.size < MOST ? name : OTHERS;
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1);
  }

  /** The most frequent first. */
  told(): Readonly<Record<string, number>> {
    const sorted = [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return Object.fromEntries(sorted);
  }
}
