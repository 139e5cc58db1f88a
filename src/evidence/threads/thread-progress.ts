/** Which inspector is at work on which order, and until when it may. */
export interface RunningInspection {
  readonly order: number;
  readonly inspector: number;
  readonly deadline: bigint;
}

const DEADLINE = 0;
const ORDER = 1;
const INSPECTOR = 2;
const IDLE = 0n;

/**
 * What a worker is doing, readable while it is stuck in a loop, and after its death.
 *
 * The worker writes, the pool reads. Deadlines are on the monotonic clock of the process, which all
 * its threads share.
 */
export class ThreadProgress {
  readonly shared: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(shared = new SharedArrayBuffer(3 * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#cells = new BigInt64Array(shared);
  }

  begin(running: RunningInspection): void {
    Atomics.store(this.#cells, DEADLINE, IDLE);
    Atomics.store(this.#cells, ORDER, BigInt(running.order));
    Atomics.store(this.#cells, INSPECTOR, BigInt(running.inspector));
    Atomics.store(this.#cells, DEADLINE, running.deadline);
  }

  end(): void {
    Atomics.store(this.#cells, DEADLINE, IDLE);
  }

  /** Returns what is going on; exact only when the worker has ended, since it writes meanwhile. */
  running(): RunningInspection | undefined {
    const deadline = Atomics.load(this.#cells, DEADLINE);
    if (deadline === IDLE) return undefined;
    return {
      order: Number(Atomics.load(this.#cells, ORDER)),
      inspector: Number(Atomics.load(this.#cells, INSPECTOR)),
      deadline,
    };
  }
}

export function monotonicNow(): bigint {
  return process.hrtime.bigint();
}
