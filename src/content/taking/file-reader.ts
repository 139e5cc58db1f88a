import { Worker } from 'node:worker_threads';
import { throwIfAborted } from '../../core/abort.ts';
import { ArchiveError } from '../../core/errors.ts';
import { DIGEST_BYTES } from '../packs/pack-format.ts';
import type { FilledBuffer, ReadFile, ReadingJob } from './reading-worker.ts';

/** Bytes that are read ahead: one buffer is filled while another is used. */
const BUFFER_BYTES = 2 * 1_048_576;
const BUFFERS = 2;

/** A file read in another thread; its bytes are valid until the next one is asked for. */
type FileRead =
  | { readonly outcome: 'read'; readonly digest: Uint8Array; readonly bytes: Uint8Array }
  | Exclude<ReadFile, { outcome: 'read' }>;

/** Threads that read and hash small files, started when they are first needed and kept for the next list. */
export class FileReader implements AsyncDisposable {
  #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  /**
   * Yields what becomes of each path, in their order. Files of more than `maxBytes` are not read.
   *
   * @throws {ArchiveError} `aborted`, or `internal` if the thread dies.
   */
  async *read(
    paths: ReadingJob['paths'],
    maxBytes: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<FileRead> {
    const worker = this.#idle.pop() ?? this.#start();
    const filled = new Arrivals(worker);
    let left = paths.length;
    let lent = 0;
    const lend = (buffer: ArrayBuffer) => {
      worker.postMessage(buffer, [buffer]);
      lent += 1;
    };
    try {
      const job: ReadingJob = { paths, maxBytes };
      worker.postMessage(job);
      while (lent < BUFFERS) lend(new ArrayBuffer(BUFFER_BYTES));
      while (lent > 0) {
        const { buffer, files } = await filled.next();
        lent -= 1;
        throwIfAborted(signal);
        for (const file of files) yield toFileRead(file, buffer);
        left -= files.length;
        if (left > 0) lend(buffer);
      }
    } finally {
      filled.end();
      // A thread that is in the middle of a list would answer the next caller with it.
      if (left === 0 && lent === 0) this.#idle.push(worker);
      else await this.#stop(worker);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((worker) => this.#stop(worker)));
  }

  #start(): Worker {
    const worker = new Worker(new URL('./reading-worker.ts', import.meta.url));
    // One that died is replaced by the next list; an idle one keeps no process alive.
    worker.on('error', () => this.#forget(worker));
    worker.on('exit', () => this.#forget(worker));
    worker.unref();
    this.#all.add(worker);
    return worker;
  }

  async #stop(worker: Worker): Promise<void> {
    this.#forget(worker);
    await worker.terminate();
  }

  #forget(worker: Worker): void {
    this.#all.delete(worker);
    this.#idle = this.#idle.filter((other) => other !== worker);
  }
}

/** The buffers that a thread has filled, in their order. */
class Arrivals {
  readonly #worker: Worker;
  readonly #arrived: FilledBuffer[] = [];
  #waiting = Promise.withResolvers<void>();
  #error: ArchiveError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.ref();
    worker.on('message', this.#onMessage);
    worker.on('error', this.#onError);
    worker.on('exit', this.#onExit);
  }

  async next(): Promise<FilledBuffer> {
    for (;;) {
      const filled = this.#arrived.shift();
      if (filled !== undefined) return filled;
      if (this.#error !== undefined) throw this.#error;
      await this.#waiting.promise;
      this.#waiting = Promise.withResolvers();
    }
  }

  end(): void {
    this.#worker.off('message', this.#onMessage);
    this.#worker.off('error', this.#onError);
    this.#worker.off('exit', this.#onExit);
    this.#worker.unref();
  }

  readonly #onMessage = (filled: FilledBuffer): void => {
    this.#arrived.push(filled);
    this.#waiting.resolve();
  };

  readonly #onError = (cause: unknown): void => this.#fail('failed', cause);

  readonly #onExit = (code: number): void => this.#fail(`ended with code ${code}`, undefined);

  #fail(how: string, cause: unknown): void {
    this.#error ??= new ArchiveError('internal', `the thread that reads files ${how}`, { cause });
    this.#waiting.resolve();
  }
}

function toFileRead(file: ReadFile, buffer: ArrayBuffer): FileRead {
  if (file.outcome !== 'read') return file;
  const { start, length } = file;
  const digest = new Uint8Array(buffer, start - DIGEST_BYTES, DIGEST_BYTES);
  return { outcome: 'read', digest, bytes: new Uint8Array(buffer, start, length) };
}
