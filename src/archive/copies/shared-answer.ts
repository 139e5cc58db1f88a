import { throwIfAborted } from '../../core/abort.ts';

/** How many times as long as finding it out took an answer is given again. */
const KEPT_TIMES = 4;

/** An answer on its way, and how many wait for it. */
interface Finding<Answer> {
  readonly answer: Promise<Answer>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * An answer that takes long, for whoever need not have it as of now: it is found out once for all who ask
 * meanwhile, and given again for four times as long as that took, so that those who ask time and again
 * cost a fifth of a processor at most, however many they are. Where what it rests on is as it was, it stays true and
 * is given again without end.
 */
export class SharedAnswer<Answer> {
  #finding: Finding<Answer> | undefined;
  #kept:
    | { readonly answer: Answer; readonly until: number; readonly state: string | undefined }
    | undefined;

  /**
   * Returns the answer, which `find` finds out until nobody waits for it any more. `state` names what the answer rests
   * on, and is another one when that has changed; undefined where it rests on the time as well.
   *
   * @throws as `find`, `aborted`.
   */
  async get(
    find: (signal: AbortSignal) => Promise<Answer>,
    state: string | undefined,
    signal?: AbortSignal,
  ): Promise<Answer> {
    throwIfAborted(signal);
    const kept = this.#kept;
    if (kept !== undefined) {
      const isTrue = state !== undefined && kept.state === state;
      if (isTrue || performance.now() < kept.until) return kept.answer;
    }
    this.#finding ??= this.#begin(find, state);
    const finding = this.#finding;
    finding.waiting += 1;
    const gone = Promise.withResolvers<void>();
    const leave = () => gone.resolve();
    signal?.addEventListener('abort', leave);
    try {
      await Promise.race([finding.answer, gone.promise]);
      throwIfAborted(signal);
      return await finding.answer;
    } finally {
      signal?.removeEventListener('abort', leave);
      finding.waiting -= 1;
      if (finding.waiting === 0) this.#end(finding);
    }
  }

  #begin(
    find: (signal: AbortSignal) => Promise<Answer>,
    state: string | undefined,
  ): Finding<Answer> {
    const stop = new AbortController();
    const began = performance.now();
    const answer = find(stop.signal).then((found) => {
      const now = performance.now();
      this.#kept = { answer: found, until: now + KEPT_TIMES * (now - began), state };
      return found;
    });
    return { answer, stop, waiting: 0 };
  }

  #end(finding: Finding<Answer>): void {
    if (this.#finding === finding) this.#finding = undefined;
    // Whoever has left does not hear of it.
    finding.answer.catch(() => {});
    finding.stop.abort();
  }
}
