import { readFileSync } from 'node:fs';

/** Code is compiled and threads are started in the first seconds. */
const SETTLED_AFTER_S = 10;

/** Resident memory of a process over a time, in MiB. */
export interface MemoryOverTime {
  /** Each tenth second, from before the first request on. */
  readonly everyTenSeconds: readonly number[];
  readonly most: number;
  /** The most by which it was above or below what it was after ten seconds, in hundredths of that. */
  readonly offPercent: number;
}

/** Looks at the resident memory of a process each second, until it is told to end. */
export function watchMemory(pid: number): { end(): MemoryOverTime } {
  const seen = [residentMiB(pid)];
  const looking = setInterval(() => seen.push(residentMiB(pid)), 1000);
  return {
    end() {
      clearInterval(looking);
      const settled = seen.slice(SETTLED_AFTER_S);
      const [first = Number.NaN] = settled;
      const off = Math.max(...settled.map((one) => Math.abs(one - first) / first));
      return {
        everyTenSeconds: seen.filter((_, second) => second % 10 === 0),
        most: Math.max(...seen),
        offPercent: Math.round(off * 100),
      };
    },
  };
}

/** Returns the processor time that a process and its threads have had, of the system in their name included: proc(5). */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program is in brackets and may hold spaces; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What Linux gives programs on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;

function residentMiB(pid: number): number {
  const [, kB] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kB) / 1024);
}
