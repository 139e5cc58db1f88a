import { failureText } from '../core/defect-text.ts';
import type { Catalog } from '../core/ports/catalog.ts';
import type { Log } from '../core/ports/log.ts';

/**
 * Keeps the catalog up with a ledger that others write to as well. However often it is told that
 * there is news, one projection is under way and at most one more is to follow.
 *
 * A failure is logged and not thrown: the next news tries again from where the catalog is.
 */
export class Projector implements AsyncDisposable {
  readonly #catalog: Pick<Catalog, 'catchUp'>;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #hasNews = false;

  constructor(catalog: Pick<Catalog, 'catchUp'>, log: Log) {
    this.#catalog = catalog;
    this.#log = log;
  }

  /** Says that the ledger has new entries. Returns at once. */
  news(): void {
    if (this.#closing.signal.aborted) return;
    this.#hasNews = true;
    this.#running ??= this.#run();
  }

  /** Resolves when everything told so far has been projected, or has failed. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Stops after the page that is being projected. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.settled();
  }

  async #run(): Promise<void> {
    while (this.#hasNews && !this.#closing.signal.aborted) {
      this.#hasNews = false;
      try {
        await this.#catalog.catchUp({ signal: this.#closing.signal });
      } catch (error) {
        this.#tell(error);
      }
    }
    this.#running = undefined;
  }

  #tell(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#log({
      level: 'error',
      event: 'projection',
      text: `the catalog is behind the ledger: ${failureText(error)}`,
    });
  }
}
