/** Some ten minutes without a node. */
export const RETRY_MS = [500, 1000, 2000, 5000, ...Array<number>(60).fill(10_000)];

const PASSING = new Set([409, 423, 429]);

/** Whether a status, or none (0), says that it is for now alone; where a disk is full, somebody has to see to it. */
export function isPassingStatus(status: number): boolean {
  return status === 0 || PASSING.has(status) || (status >= 500 && status !== 507);
}

/** Resolves after a while; rejects when the signal fires. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
