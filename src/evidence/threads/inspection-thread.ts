import { Worker } from 'node:worker_threads';
import type { InspectionLimits } from '../limits.ts';
import type { InspectionOrders, InspectionReport, WorkerSetup } from './messages.ts';
import { monotonicNow, type RunningInspection, ThreadProgress } from './thread-progress.ts';

/** How a thread came to its end, and the inspection it was in. */
export interface ThreadEnd {
  readonly reason: 'time' | 'memory' | 'crashed';
  readonly during: RunningInspection | undefined;
  readonly error: Error | undefined;
}

interface ThreadEvents {
  onReports(reports: readonly InspectionReport[]): void;
  /** Called once, when the thread is gone; not after {@link InspectionThread.stop}. */
  onEnd(end: ThreadEnd): void;
}

/** A thread that has orders and inspects nothing for so long is taken for dead. */
const LONGEST_PAUSE_MS = 60_000;
const PAUSE_CHECK_MS = 1_000;
const YOUNG_HEAP_MIB = 32;
const STACK_MIB = 4;

/** One worker thread, watched: it is ended when its inspection runs past the deadline. */
export class InspectionThread {
  readonly #worker: Worker;
  readonly #progress = new ThreadProgress();
  readonly #events: ThreadEvents;
  readonly #exited: Promise<void>;
  readonly #timeMs: number;
  #timer: NodeJS.Timeout | undefined;
  #pausedSince: bigint | undefined;
  #isStopped = false;
  #isOverdue = false;
  #error: Error | undefined;

  constructor(inspectorsModule: URL, limits: InspectionLimits, events: ThreadEvents) {
    this.#events = events;
    this.#timeMs = limits.timeMs;
    const setup: WorkerSetup = {
      inspectorsModule: inspectorsModule.href,
      limits,
      progress: this.#progress.shared,
    };
    this.#worker = new Worker(new URL('./inspection-worker.ts', import.meta.url), {
      name: 'inspector',
      workerData: setup,
      resourceLimits: {
        maxOldGenerationSizeMb: limits.heapMiB,
        maxYoungGenerationSizeMb: YOUNG_HEAP_MIB,
        stackSizeMb: STACK_MIB,
      },
    });
    this.#worker.on('message', (reports: readonly InspectionReport[]) => {
      if (!this.#isStopped) events.onReports(reports);
    });
    this.#worker.on('error', (error: Error) => {
      this.#error = error;
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#onExit();
        resolve();
      });
    });
  }

  /** Sends orders and begins to watch. */
  send(orders: InspectionOrders): void {
    this.#worker.postMessage(orders);
    this.#timer ??= setTimeout(() => this.#check(), this.#timeMs);
  }

  /** To be called when nothing is left to wait for. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pausedSince = undefined;
  }

  /** Ends the thread; when the promise resolves it is gone. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.rest();
    await this.#worker.terminate();
    await this.#exited;
  }

  /**
   * The running inspection names its own deadline, so one timer is enough for all orders. Without
   * one the thread is starting, or its last reports are on their way.
   */
  #check(): void {
    const left = this.#timeLeft(monotonicNow());
    if (left > 0) {
      this.#timer = setTimeout(() => this.#check(), left);
      return;
    }
    this.#isOverdue = true;
    void this.#worker.terminate();
  }

  /** Milliseconds until the next look is worth while; 0 if the thread is to be ended now. */
  #timeLeft(now: bigint): number {
    const running = this.#progress.running();
    if (running !== undefined) {
      this.#pausedSince = undefined;
      return running.deadline > now ? toMilliseconds(running.deadline - now) : 0;
    }
    this.#pausedSince ??= now;
    return toMilliseconds(now - this.#pausedSince) < LONGEST_PAUSE_MS ? PAUSE_CHECK_MS : 0;
  }

  #onExit(): void {
    this.rest();
    if (this.#isStopped) return;
    const during = this.#progress.running();
    this.#events.onEnd({
      reason: this.#reason(),
      during: this.#blamed(during),
      error: this.#error,
    });
  }

  #reason(): ThreadEnd['reason'] {
    if (this.#isOverdue) return 'time';
    const code = this.#error !== undefined && 'code' in this.#error ? this.#error.code : undefined;
    return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crashed';
  }

  /** The thread may have gone on to another inspection between the check and its end. */
  #blamed(during: RunningInspection | undefined): RunningInspection | undefined {
    if (this.#isOverdue && during !== undefined && during.deadline > monotonicNow())
      return undefined;
    return during;
  }
}

function toMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n) + 1;
}
