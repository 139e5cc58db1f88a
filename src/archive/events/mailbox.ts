import type { ArchiveEvent } from './event.ts';

/** What a reader who is slow to come can have waiting for him; older ones make room. */
const MOST = 256;

type Passing = Extract<ArchiveEvent, { readonly name: 'peer' | 'progress' }>;

/** Events of the moment for one reader, and the news that there is something to read. */
export class Mailbox {
  readonly #waiting = new Map<string, Passing>();
  #wake: (() => void) | undefined;
  #hasNews = false;

  /** Keeps the event; of one operation or peer only the newest is kept. */
  put(event: Passing): void {
    const { data } = event;
    const key = 'peer' in data ? data.peer : `${data.operation}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, event);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MOST && oldest !== undefined) this.#waiting.delete(oldest);
    this.news();
  }

  /** Says that there is something to read, here or elsewhere. */
  news(): void {
    this.#hasNews = true;
    this.#wake?.();
  }

  take(): readonly Passing[] {
    const taken = [...this.#waiting.values()];
    this.#waiting.clear();
    return taken;
  }

  /** Resolves when there has been news since the last call, or the signal fires. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#hasNews && !signal.aborted) {
      const { promise, resolve: wake } = Promise.withResolvers<void>();
      const onAbort = () => wake();
      this.#wake = wake;
      signal.addEventListener('abort', onAbort);
      await promise;
      // A reader waits as often as there is news, on the one signal.
      signal.removeEventListener('abort', onAbort);
      this.#wake = undefined;
    }
    this.#hasNews = false;
  }
}
