/** What a node tells of the time since it was asked last. */
export interface Held {
  /** The longest that its event loop was held, by the clock and by the processor time of its thread. */
  readonly clockMs: number;
  readonly cpuMs: number;
  /** Processor time of its thread in all, the measuring included. */
  readonly totalMs: number;
}

/** Loaded into a node with `--import`: tells its parent how long its event loop was held, whenever that asks. */
const TICK_MS = 1;

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
let last = { at: performance.now(), cpu: cpuMs() };
let held = { clockMs: 0, cpuMs: 0 };
let began = last.cpu;

setInterval(() => {
  const now = { at: performance.now(), cpu: cpuMs() };
  held = {
    clockMs: Math.max(held.clockMs, now.at - last.at),
    cpuMs: Math.max(held.cpuMs, now.cpu - last.cpu),
  };
  last = now;
}, TICK_MS).unref();

process.on('message', () => {
  const told: Held = { ...held, totalMs: cpuMs() - began };
  process.send?.(told);
  held = { clockMs: 0, cpuMs: 0 };
  began = cpuMs();
});
process.channel?.unref();
