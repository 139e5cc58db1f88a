/** What a transfer has taken on the side that receives. */
export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Greatest resident memory, where one process does it all. */
  readonly peakMiB?: number;
}

/** One way to bring what `fill` wrote to another machine. Each side runs in a process of its own. */
export interface Way {
  /** Begins to serve on an address; `end` tells how much of the processor that has taken since. */
  serve(
    folder: string,
    address: string,
  ): Promise<{ readonly place: string; readonly end: () => Promise<number> }>;
  /** Fetches everything into an empty folder. */
  fetch(folder: string, place: string): Promise<Cost>;
}

/** Begins to measure this process; the function returned tells. */
export function measure(): () => Cost {
  const at = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return {
      seconds: (performance.now() - at) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakMiB: process.resourceUsage().maxRSS / 1024,
    };
  };
}
