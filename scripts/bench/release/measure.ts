import { monitorEventLoopDelay } from 'node:perf_hooks';

/** A line of the table that is printed. */
export interface Row {
  readonly step: string;
  readonly assets: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly assetsPerSecond: number;
  readonly mibPerSecond: number | null;
  readonly longestPauseMs: number;
}

/** Does some work and adds what it took. */
export async function measure<T>(
  step: string,
  assets: number,
  bytes: number | undefined,
  rows: Row[],
  work: () => Promise<T>,
): Promise<T> {
  const pauses = monitorEventLoopDelay({ resolution: 5 });
  pauses.enable();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  pauses.disable();
  rows.push({
    step,
    assets,
    seconds: round(seconds),
    cpuSeconds: round((user + system) / 1e6),
    assetsPerSecond: Math.round(assets / seconds),
    mibPerSecond: bytes === undefined ? null : Math.round(bytes / seconds / 1024 / 1024),
    longestPauseMs: Math.round(pauses.max / 1e6),
  });
  return result;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
