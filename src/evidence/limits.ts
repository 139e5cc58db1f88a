/** What one asset may cost. */
export interface InspectionLimits {
  /** Milliseconds for all inspectors of one asset together. */
  readonly timeMs: number;
  /** Inspectors that read everything get a second per this many bytes on top. */
  readonly slowestBytesPerSecond: number;
  /** MiB of JavaScript heap of one worker thread. */
  readonly heapMiB: number;
  /** Bytes that one call of `read` may return. */
  readonly readBytes: number;
}

export const DEFAULT_LIMITS: InspectionLimits = {
  timeMs: 10_000,
  slowestBytesPerSecond: 8 * 1024 * 1024,
  heapMiB: 256,
  readBytes: 16 * 1024 * 1024,
};
