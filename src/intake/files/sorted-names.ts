const RUN = 8192;

/**
 * The names of one folder, given back in ascending order.
 *
 * Names are one-byte strings (a character per byte), so the order is that of their bytes and each
 * costs little more than its length. They are sorted in runs of 8,192 while they arrive and merged
 * as they are taken, so a folder of a million names never stops the event loop for long. A name is
 * let go once it is taken.
 */
export class SortedNames {
  readonly #runs: string[][] = [];
  #open: string[] = [];

  add(name: string): void {
    this.#open.push(name);
    if (this.#open.length === RUN) this.#closeRun();
  }

  /** Takes the smallest name that is left; undefined when none is. No name is added after the first. */
  take(): string | undefined {
    if (this.#open.length > 0) this.#closeRun();
    let best: string[] | undefined;
    let least: string | undefined;
    for (const run of this.#runs) {
      const head = run.at(-1);
      if (head !== undefined && (least === undefined || head < least)) {
        best = run;
        least = head;
      }
    }
    return best?.pop();
  }

  /** Each run is kept in descending order, so that taking its smallest name is a pop. */
  #closeRun(): void {
    this.#runs.push(this.#open.sort().reverse());
    this.#open = [];
  }
}
