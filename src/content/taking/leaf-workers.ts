import { Worker } from 'node:worker_threads';
import { throwIfAborted } from '../../core/abort.ts';
import { PROFILE_LEAF_BYTES } from '../../core/unixfs/file-tree.ts';
import type { LeafRun } from '../packs/pack-tail.ts';
import { type LeafJob, type LeafResult, STOP } from './leaf-worker.ts';

/** One file, or a part of it, to be hashed and perhaps written. */
export interface LeafTask {
  readonly source: number;
  readonly fileSize: number;
  readonly firstLeaf: number;
  readonly leafCount: number;
  /** Where the frames of the leaves go; without it they are only hashed. */
  readonly run: LeafRun | undefined;
  /** In shared memory, 32 bytes for each leaf of the whole file. */
  readonly digests: Uint8Array;
  readonly signal: AbortSignal | undefined;
}

/** A system error of a worker, and which file it is about; `changed` if the source ended early. */
export class LeafFailure extends Error {
  readonly at: 'source' | 'target' | 'changed';
  readonly code: unknown;

  constructor(at: 'source' | 'target' | 'changed', message: string, code?: unknown) {
    super(message);
    this.at = at;
    this.code = code;
  }
}

/** Worker threads that hash leaves, started when they are first needed. One task at a time. */
export class LeafWorkers implements AsyncDisposable {
  readonly #count: number;
  #workers: Worker[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /**
   * Does the task and fills its digests. When the promise settles, well or not, no worker touches
   * its files any more.
   *
   * @throws {LeafFailure}, or the signal's reason.
   */
  async run(task: LeafTask): Promise<void> {
    const control = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    const { source, fileSize, firstLeaf, leafCount, run, digests, signal } = task;
    const target = run && { fd: run.fd, start: run.start };
    const leafBytes = PROFILE_LEAF_BYTES;
    const file = { source, fileSize, leafBytes, firstLeaf, leafCount, target };
    const job: LeafJob = { ...file, control, digests };
    const stop = () => Atomics.store(control, STOP, 1);
    throwIfAborted(signal);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const workers = this.#start(Math.min(this.#count, leafCount));
      const results = await Promise.all(workers.map((worker) => ask(worker, job, stop)));
      throwIfAborted(signal);
      const failed = results.find((result) => result.outcome !== 'done');
      if (failed?.outcome === 'failed') {
        throw new LeafFailure(failed.at, failed.message, failed.code);
      }
      if (failed?.outcome === 'changed') throw new LeafFailure('changed', 'the file ended early');
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #start(count: number): Worker[] {
    while (this.#workers.length < count) {
      const worker = new Worker(new URL('./leaf-worker.ts', import.meta.url));
      // A worker that died is replaced at the next task; an idle one keeps no process alive.
      worker.on('error', () => this.#forget(worker));
      worker.on('exit', () => this.#forget(worker));
      worker.unref();
      this.#workers.push(worker);
    }
    return this.#workers.slice(0, count);
  }

  #forget(worker: Worker): void {
    this.#workers = this.#workers.filter((other) => other !== worker);
  }
}

/** Returns the worker's answer. A worker that dies stops the others and counts as a failure. */
function ask(worker: Worker, job: LeafJob, stop: () => void): Promise<LeafResult> {
  return new Promise((resolve) => {
    const end = (result: LeafResult) => {
      worker.off('message', end);
      worker.off('error', onError);
      worker.off('exit', onExit);
      worker.unref();
      resolve(result);
    };
    const fail = (message: string) => {
      stop();
      end({ outcome: 'failed', at: 'target', message, code: undefined });
    };
    const onError = (error: unknown) => fail(`a leaf worker failed: ${error}`);
    const onExit = (code: number) => fail(`a leaf worker ended with code ${code}`);
    worker.on('message', end);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.ref();
    worker.postMessage(job);
  });
}
