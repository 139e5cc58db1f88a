import { ArchiveError } from '../../core/errors.ts';
import type { Finding, InspectionRequest, Inspectors } from '../../core/ports/inspector.ts';
import type { InspectionContext, InspectorIdentity } from '../inspector.ts';
import type { InspectionLimits } from '../limits.ts';
import { InspectionCall } from './inspection-call.ts';
import { InspectionThread, type ThreadEnd } from './inspection-thread.ts';
import type { InspectionOrder, InspectionReport } from './messages.ts';

/** What a pool is made of. Threads import `module`, which exports the same list as `INSPECTORS`. */
interface PoolOptions {
  readonly inspectors: readonly InspectorIdentity[];
  readonly module: URL;
  readonly workers: number;
  readonly limits: InspectionLimits;
  /** What inspectors may know besides the bytes; asked when there is something to inspect. */
  readonly context: () => InspectionContext;
}

/** One asset of a call, and the inspectors that it still needs, in the order in which they run. */
interface Task {
  readonly call: InspectionCall;
  readonly asset: number;
  readonly inspectors: readonly number[];
}

/** A thread and what it has been given. */
interface Slot {
  readonly thread: InspectionThread;
  readonly tasks: Map<number, Task>;
  bytes: number;
  /** What it was told last. */
  context: InspectionContext | undefined;
}

/** A thread is given more when it has half of this or less, so that it never waits for the pool. */
const TASKS_PER_THREAD = 128;
const BYTES_PER_THREAD = 64 * 1024 * 1024;
/** Threads that die in no inspection are broken, not attacked; to start them for ever would hang. */
const MOST_UNEXPLAINED_ENDS = 3;

/**
 * Deals assets out to worker threads, and survives the threads' deaths.
 *
 * It queues nothing of its own: a call's assets stay in the caller's array until a thread has room.
 */
export class InspectorPool implements Pick<Inspectors, 'inspect'>, AsyncDisposable {
  readonly #options: PoolOptions;
  /** All inspectors; those that read everything last, so that nothing else waits or is lost for them. */
  readonly #runOrder: readonly number[];
  readonly #slots = new Set<Slot>();
  readonly #stopping = new Set<Promise<void>>();
  readonly #calls = new Set<InspectionCall>();
  /** What threads that died had been given; it goes first. */
  readonly #again: Task[] = [];
  #nextId = 0;
  #unexplainedEnds = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const places = [...options.inspectors.entries()];
    places.sort(([, a], [, b]) => Number(a.readsAll) - Number(b.readsAll));
    this.#runOrder = places.map(([place]) => place);
  }

  async inspect(
    requests: readonly InspectionRequest[],
    options: NonNullable<Parameters<Inspectors['inspect']>[1]> = {},
  ): Promise<readonly (readonly Finding[])[]> {
    if (this.#isClosed) throw closed();
    if (options.signal?.aborted) throw aborted(options.signal);
    const call = new InspectionCall(requests, this.#options.inspectors, options.inspectors);
    const giveUp = () => {
      call.reject(aborted(options.signal));
      this.#stopUseless();
    };
    options.signal?.addEventListener('abort', giveUp, { once: true });
    this.#calls.add(call);
    try {
      this.#deal();
      return await call.result;
    } finally {
      this.#calls.delete(call);
      options.signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Rejects what is under way with `aborted`; when it resolves no thread is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const call of this.#calls) call.reject(closed());
    for (const slot of this.#slots) this.#stop(slot);
    await Promise.all(this.#stopping);
  }

  #deal(): void {
    if (this.#isClosed) return;
    const waiting = this.#countWaiting();
    const share = Math.ceil(waiting / this.#options.workers);
    for (const slot of this.#slots) this.#give(slot, share);
    while (this.#slots.size < this.#options.workers && this.#countWaiting() > 0) {
      this.#give(this.#start(), share);
    }
  }

  #countWaiting(): number {
    let count = this.#again.length;
    for (const call of this.#calls) if (!call.isSettled) count += call.untaken;
    return count;
  }

  #start(): Slot {
    const thread = new InspectionThread(this.#options.module, this.#options.limits, {
      onReports: (reports) => this.#onReports(slot, reports),
      onEnd: (end) => this.#onEnd(slot, end),
    });
    const slot: Slot = { thread, tasks: new Map(), bytes: 0, context: undefined };
    this.#slots.add(slot);
    return slot;
  }

  #give(slot: Slot, most: number): void {
    if (slot.tasks.size > TASKS_PER_THREAD / 2) return;
    const orders: InspectionOrder[] = [];
    while (
      orders.length < most &&
      slot.tasks.size < TASKS_PER_THREAD &&
      slot.bytes < BYTES_PER_THREAD
    ) {
      const task = this.#nextTask();
      const request = task?.call.requests[task.asset];
      if (task === undefined || request === undefined) break;
      slot.tasks.set(this.#nextId, task);
      slot.bytes += request.size;
      orders.push({ id: this.#nextId, request, inspectors: task.inspectors });
      this.#nextId += 1;
    }
    if (orders.length > 0) this.#send(slot, orders);
  }

  #send(slot: Slot, orders: readonly InspectionOrder[]): void {
    const context = this.#options.context();
    const isNews = context.trust?.cid !== slot.context?.trust?.cid;
    slot.context = context;
    slot.thread.send(isNews ? { orders, context } : { orders });
  }

  #nextTask(): Task | undefined {
    for (let task = this.#again.pop(); task !== undefined; task = this.#again.pop()) {
      if (!task.call.isSettled) return task;
    }
    for (const call of this.#calls) {
      const asset = call.isSettled ? undefined : call.take();
      if (asset !== undefined) {
        const inspectors = this.#runOrder.filter((place) => call.isWanted(place));
        return { call, asset, inspectors };
      }
    }
    return undefined;
  }

  #onReports(slot: Slot, reports: readonly InspectionReport[]): void {
    this.#unexplainedEnds = 0;
    for (const report of reports) {
      const task = slot.tasks.get(report.id);
      if (task === undefined) continue;
      slot.tasks.delete(report.id);
      slot.bytes -= task.call.requests[task.asset]?.size ?? 0;
      for (const [place, finding] of report.findings.entries()) {
        const inspector = task.inspectors[place];
        if (inspector !== undefined) task.call.setFinding(task.asset, inspector, finding);
      }
    }
    this.#deal();
    if (slot.tasks.size === 0) slot.thread.rest();
  }

  #onEnd(slot: Slot, end: ThreadEnd): void {
    this.#slots.delete(slot);
    const culprit = end.during === undefined ? undefined : slot.tasks.get(end.during.order);
    for (const task of slot.tasks.values()) if (task !== culprit) this.#again.push(task);
    if (culprit !== undefined && end.during !== undefined) {
      this.#blame(culprit, end.during.inspector, end);
    } else {
      this.#unexplainedEnds += 1;
    }
    if (this.#unexplainedEnds > MOST_UNEXPLAINED_ENDS) this.#failAll(end);
    else this.#deal();
  }

  /**
   * Writes down why there is no finding, and has the rest of the asset done in a fresh thread: after
   * time ran out what had been finished, since the time was for all of them together, and what reads
   * everything, which has a time of its own.
   */
  #blame(task: Task, place: number, end: ThreadEnd): void {
    const isTime = end.reason === 'time';
    const lost = task.inspectors.filter(
      (inspector, at) => at === place || (isTime && at > place && !this.#readsAll(inspector)),
    );
    const rest = task.inspectors.filter((inspector) => !lost.includes(inspector));
    for (const inspector of lost) {
      task.call.setUnreadable(task.asset, inspector, end.reason, describe(end));
    }
    if (rest.length > 0) this.#again.push({ ...task, inspectors: rest });
  }

  #readsAll(inspector: number): boolean {
    return this.#options.inspectors[inspector]?.readsAll === true;
  }

  #failAll(end: ThreadEnd): void {
    this.#unexplainedEnds = 0;
    this.#again.length = 0;
    const error = new ArchiveError(
      'internal',
      'worker threads for inspection end before they inspect anything; see the cause',
      { cause: end.error },
    );
    for (const call of this.#calls) call.reject(error);
    this.#stopUseless();
  }

  /** A thread all of whose callers have given up may be reading for minutes. */
  #stopUseless(): void {
    for (const slot of this.#slots) {
      const isUseless = [...slot.tasks.values()].every((task) => task.call.isSettled);
      if (slot.tasks.size > 0 && isUseless) this.#stop(slot);
    }
  }

  #stop(slot: Slot): void {
    this.#slots.delete(slot);
    const stopped = slot.thread.stop();
    this.#stopping.add(stopped);
    void stopped.finally(() => this.#stopping.delete(stopped));
  }
}

function describe(end: ThreadEnd): string {
  if (end.reason === 'time') return 'the inspection took longer than its limit';
  if (end.reason === 'memory') return 'the inspection needed more memory than its limit';
  return `the worker thread ended: ${end.error?.message ?? 'no reason given'}`;
}

function closed(): ArchiveError {
  return new ArchiveError('aborted', 'the inspectors are closed; open them again to inspect');
}

function aborted(signal: AbortSignal | undefined): ArchiveError {
  return new ArchiveError('aborted', 'the inspection was given up', { cause: signal?.reason });
}
