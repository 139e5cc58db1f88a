import { throwIfAborted } from '../../core/abort.ts';
import { defectText } from '../../core/defect-text.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Archive } from '../archive.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { AnyOperation, Operation, Telling } from './operation.ts';

/** Runs operations on an archive that stays open, many at a time, until it is disposed. */
export class OperationRunner implements AsyncDisposable {
  readonly #archive: Archive;
  readonly #log: Log;
  readonly #events: Pick<EventHub, 'operation'> | undefined;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  /** The end of the last operation of each lane. */
  readonly #lanes = new Map<string, Promise<unknown>>();

  /** Progress of operations that change something is told to `events` as well. */
  constructor(archive: Archive, log: Log, events?: Pick<EventHub, 'operation'>) {
    this.#archive = archive;
    this.#log = log;
    this.#events = events;
  }

  /**
   * Begins an operation on an input that comes from outside. One that changes something is logged,
   * by its name and outcome alone. The result fails as the operation does.
   *
   * @throws {ArchiveError} `input_invalid`; `home_locked` once the runner is being disposed.
   */
  start<Input, Result, Item>(
    operation: Operation<Input, Result, Item>,
    input: unknown,
    telling: Telling<Item>,
  ): { readonly result: Promise<Result> } {
    const read = operation.input.safeParse(input);
    if (!read.success) {
      const why = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      throw new ArchiveError('input_invalid', `${operation.name} cannot take ${why.join('; ')}`);
    }
    if (this.#stopping.signal.aborted) {
      throw new ArchiveError('home_locked', 'the node is stopping', { retryable: true });
    }
    const signal = AbortSignal.any([telling.signal, this.#stopping.signal]);
    const result = this.#run(operation, read.data, { ...telling, signal });
    this.#running.add(result);
    void Promise.allSettled([result]).then(() => this.#running.delete(result));
    return { result };
  }

  /** Tells every operation to stop, and waits until they have. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(
      new ArchiveError('aborted', 'the node is stopping; run it again to go on', {
        retryable: true,
      }),
    );
    await Promise.allSettled(this.#running);
  }

  async #run<Input, Result, Item>(
    operation: Operation<Input, Result, Item>,
    input: Input,
    asked: Telling<Item>,
  ): Promise<Result> {
    const started = this.#archive.clock();
    const tell = operation.changes ? this.#events?.operation(operation.name) : undefined;
    const progress: typeof asked.progress = (what, done) => {
      asked.progress(what, done);
      tell?.(what, done);
    };
    try {
      const result = await this.#inTurn(operation, input, { ...asked, progress });
      this.#tell(operation, 'done', started);
      return result;
    } catch (error) {
      this.#tell(operation, error instanceof ArchiveError ? error.code : 'internal', started);
      if (!(error instanceof ArchiveError)) this.#tellDefect(operation, error);
      throw error;
    } finally {
      tell?.('ended', {}, true);
    }
  }

  async #inTurn<Input, Result, Item>(
    operation: Operation<Input, Result, Item>,
    input: Input,
    telling: Telling<Item>,
  ): Promise<Result> {
    const { lane } = operation;
    if (lane === undefined) return operation.run(this.#archive, input, telling);
    const before = this.#lanes.get(lane);
    const own = this.#after(before, operation, input, telling);
    const ended = Promise.allSettled([before, own]);
    this.#lanes.set(lane, ended);
    try {
      return await own;
    } finally {
      if (this.#lanes.get(lane) === ended) this.#lanes.delete(lane);
    }
  }

  async #after<Input, Result, Item>(
    before: Promise<unknown> | undefined,
    operation: Operation<Input, Result, Item>,
    input: Input,
    telling: Telling<Item>,
  ): Promise<Result> {
    if (before !== undefined) {
      telling.notice(`waits until another ${operation.lane} has ended`);
      await orAborted(before, telling.signal);
      throwIfAborted(telling.signal);
    }
    return operation.run(this.#archive, input, telling);
  }

  #tell({ name, changes }: AnyOperation, outcome: string, started: number): void {
    if (!changes) return;
    const ms = this.#archive.clock() - started;
    this.#log({
      level: outcome === 'done' ? 'note' : 'warning',
      event: 'operation',
      text: `${name} ${outcome === 'done' ? 'was done' : `ended with ${outcome}`}`,
      details: { operation: name, outcome, ms },
    });
  }

  #tellDefect({ name }: AnyOperation, error: unknown): void {
    this.#log({
      level: 'error',
      event: 'defect',
      text: `a defect of the program in ${name}`,
      details: { operation: name, stack: defectText(error) },
    });
  }
}

/** Resolves when the work has ended or the signal has fired. */
function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
    work.then(done, done);
  });
}
