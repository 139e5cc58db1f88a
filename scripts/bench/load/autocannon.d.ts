/** The part of autocannon 9 that is used here; it brings no types. */
declare module 'autocannon' {
  interface Asked {
    readonly method: 'GET';
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
  }
  interface Client {
    setRequests(requests: readonly Asked[]): void;
  }
  interface Spread {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  }
  interface Result {
    readonly requests: { readonly total: number; readonly average: number };
    /** Milliseconds. */
    readonly latency: Spread;
    readonly throughput: { readonly average: number };
    readonly errors: number;
    readonly timeouts: number;
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  }
  // biome-ignore lint/style/noDefaultExport: it is the package's.
  export default function autocannon(options: {
    readonly url: string;
    readonly connections: number;
    readonly duration: number;
    readonly timeout: number;
    readonly requests: readonly Asked[];
    readonly setupClient: (client: Client) => void;
  }): Promise<Result>;
}
