import { Unreadable } from './inspector.ts';

/**
 * Remembers why a part of a file could not be looked at, while the rest still is.
 *
 * What is found counts even in a broken file; that nothing was found counts only if all was read.
 */
export class Shortfalls {
  #first: Unreadable | undefined;

  /** Runs `work`; `malformed` and `limit` are kept for later, everything else is thrown. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#keep(error);
    }
  }

  /** The same for work that waits. */
  async attemptAsync(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#keep(error);
    }
  }

  #keep(error: unknown): void {
    const isPartial =
      error instanceof Unreadable && (error.reason === 'malformed' || error.reason === 'limit');
    if (!isPartial) throw error;
    this.#first ??= error;
  }

  /** @throws {Unreadable} the first that was kept. */
  throwIfAny(): void {
    if (this.#first !== undefined) throw this.#first;
  }
}
