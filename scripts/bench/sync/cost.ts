/** What something has taken since it was begun. */
export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Greatest resident memory, looked at now and then. */
  readonly peakMiB: number;
  /** The longest that a timer had to wait for its turn. */
  readonly lateMs: number;
}

const LOOK_EVERY_MS = 10;

/** Begins to measure; the function returned tells. */
export function costOf(): () => Cost {
  const start = performance.now();
  const usage = process.cpuUsage();
  let peak = process.memoryUsage.rss();
  let late = 0;
  let last = start;
  const timer = setInterval(() => {
    const now = performance.now();
    late = Math.max(late, now - last - LOOK_EVERY_MS);
    last = now;
    peak = Math.max(peak, process.memoryUsage.rss());
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => {
    const { user, system } = process.cpuUsage(usage);
    return {
      seconds: (performance.now() - start) / 1_000,
      cpuSeconds: (user + system) / 1e6,
      peakMiB: Math.round(peak / 2 ** 20),
      lateMs: Math.round(late),
    };
  };
}
