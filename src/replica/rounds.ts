import { ArchiveError } from '../core/errors.ts';

interface RoundsOptions {
  /** One round. What it throws is told, and the next round comes when it is due. */
  readonly round: (signal: AbortSignal) => Promise<void>;
  /** A round begins at the latest so long after the one before has ended. */
  readonly everyMs: number;
  /** At least so long lies between two rounds, however often it is woken. */
  readonly gapMs: number;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Does something over and over: now and then, and soon after being woken. Rounds do not overlap, and
 * however often it is woken during one, one more follows. Disposing ends the round that is under way.
 */
export class Rounds implements AsyncDisposable {
  readonly #options: RoundsOptions;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWoken = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** The first round begins at once. */
  start(): void {
    this.#set(0);
  }

  /** Has a round begin soon. */
  wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    if (this.#running === undefined) this.#set(this.#options.gapMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ArchiveError('aborted', 'the node is stopping'));
    clearTimeout(this.#timer);
    await this.#running;
  }

  #set(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#run();
    }, afterMs);
  }

  async #run(): Promise<void> {
    const { round, everyMs, gapMs, onProblem } = this.#options;
    this.#isWoken = false;
    try {
      await round(this.#closing.signal);
    } catch (error) {
      if (!this.#closing.signal.aborted) onProblem(error);
    }
    this.#running = undefined;
    this.#set(this.#isWoken ? gapMs : everyMs);
  }
}
