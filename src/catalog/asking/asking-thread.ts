import { Worker } from 'node:worker_threads';
import { aborted } from '../../core/abort.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { NamedPolicy } from '../../core/policy/documents.ts';
import type { LongAnswer, LongKind, LongQuestion } from './long-questions.ts';
import type { FromThread, ToThread } from './messages.ts';

/** Questions that wait, at most. More are refused, so that a crowd costs neither memory nor minutes. */
const MOST_WAITING = 64;

/** What its thread may have of memory: it remembers a number for each work of an archive, at most. */
const HEAP_MIB = 512;

interface Asked {
  readonly question: LongQuestion;
  readonly policies: readonly NamedPolicy[];
  readonly settle: PromiseWithResolvers<unknown>;
}

/**
 * Has long questions of one catalog file answered in a thread of their own, one after the other, while this one goes
 * on. The thread is started with the first, keeps no process alive, and is started anew where it ended by itself.
 */
export class AskingThread implements AsyncDisposable {
  readonly #path: string;
  readonly #onNotice: (text: string) => void;
  readonly #waiting = new Set<Asked>();
  #asked: Asked | undefined;
  #worker: Worker | undefined;
  #isClosed = false;

  /** `onNotice` is told in a sentence why a thread ended by itself. */
  constructor(path: string, onNotice: (text: string) => void) {
    this.#path = path;
    this.#onNotice = onNotice;
  }

  /**
   * Returns the answer to a question, which knows of all that was committed to the file before.
   *
   * @throws {ArchiveError} as what is asked; `busy` where as many wait as may; `aborted` when one of the signals fires,
   * and then the thread is told to leave it. `busy`, too, where the thread ended before its answer: the next question
   * starts another.
   */
  async ask<Kind extends LongKind>(
    question: LongQuestion<Kind>,
    policies: readonly NamedPolicy[],
    signals: readonly AbortSignal[],
  ): Promise<LongAnswer<Kind>> {
    const signal = AbortSignal.any([...signals]);
    if (signal.aborted || this.#isClosed) throw aborted(signal);
    if (this.#waiting.size >= MOST_WAITING) {
      const text = `${MOST_WAITING} questions that look at the whole archive wait already; ask again in some seconds`;
      throw new ArchiveError('busy', text, { retryable: true });
    }
    const asked: Asked = { question, policies, settle: Promise.withResolvers() };
    const leave = () => this.#leave(asked, aborted(signal));
    signal.addEventListener('abort', leave);
    this.#waiting.add(asked);
    this.#next();
    try {
      // The thread answers by the same table of functions as its caller's types.
      return (await asked.settle.promise) as LongAnswer<Kind>;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** To be called when another file takes the name: what comes is asked of that one. */
  forgetFile(): void {
    this.#tell({ is: 'close' });
  }

  /** Ends the thread, with whatever it is at; who waits is told `aborted`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const all = this.#asked === undefined ? this.#waiting : [this.#asked, ...this.#waiting];
    for (const asked of all) asked.settle.reject(aborted());
    this.#waiting.clear();
    this.#asked = undefined;
    await this.#worker?.terminate();
  }

  #leave(asked: Asked, why: ArchiveError): void {
    asked.settle.reject(why);
    this.#waiting.delete(asked);
    if (asked === this.#asked) this.#tell({ is: 'stop' });
  }

  #next(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#asked !== undefined) return;
    this.#waiting.delete(next);
    this.#asked = next;
    const { question, policies } = next;
    try {
      this.#worker ??= this.#start();
    } catch (cause) {
      this.#lose(cause);
      return;
    }
    this.#worker.ref();
    this.#tell({ is: 'question', question, policies });
  }

  #tell(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./asking-worker.ts', import.meta.url), {
      name: 'catalog',
      workerData: this.#path,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    });
    let cause: unknown;
    worker.on('message', (told: FromThread) => this.#settle(told));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      if (!this.#isClosed) this.#lose(cause);
    });
    return worker;
  }

  /** What was asked may be what ended the thread, so it is not asked of another one unless whoever asked asks again. */
  #lose(cause: unknown): void {
    const text = 'the thread that answers long questions of the catalog ended';
    this.#onNotice(`${text} (${cause ?? 'nothing said why'}); the next question starts another`);
    const failure = new ArchiveError('busy', `${text}; ask again in some seconds`, {
      retryable: true,
      cause,
    });
    this.#end(({ settle }) => settle.reject(failure));
  }

  #settle(told: FromThread): void {
    this.#worker?.unref();
    this.#end(({ settle }) => {
      if (told.is === 'answer') settle.resolve(told.answer);
      else if (told.is === 'defect') settle.reject(told.error);
      else settle.reject(new ArchiveError(told.code, told.message, { retryable: told.retryable }));
    });
  }

  #end(settle: (asked: Asked) => void): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked !== undefined) settle(asked);
    this.#next();
  }
}
