import { setImmediate as nextTurn } from 'node:timers/promises';
import { ArchiveError } from '../core/errors.ts';

/** Assets between two turns of the event loop: some milliseconds of work. */
const TURN = 64;

/** Lets everything else in the process have its turn during long work, and ends it when asked to. */
export class Pacer {
  readonly #signals: readonly AbortSignal[];
  #count = 0;

  constructor(signals: readonly (AbortSignal | undefined)[]) {
    this.#signals = signals.filter((signal) => signal !== undefined);
  }

  /**
   * To be called after every small piece of work; what it returns, if anything, is to be awaited.
   *
   * @throws {ArchiveError} `aborted`.
   */
  tick(): Promise<void> | undefined {
    this.#count += 1;
    return this.#count % TURN === 0 ? this.turn() : undefined;
  }

  /** Lets other work have its turn now. @throws {ArchiveError} `aborted`. */
  async turn(): Promise<void> {
    await nextTurn();
    const aborted = this.#signals.find((signal) => signal.aborted);
    if (aborted === undefined) return;
    throw new ArchiveError('aborted', 'the catalog was not brought up to date: it was stopped', {
      cause: aborted.reason,
    });
  }
}
