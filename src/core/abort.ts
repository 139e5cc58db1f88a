import { ArchiveError } from './errors.ts';

/** @throws {ArchiveError} `aborted` once the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ArchiveError('aborted', 'stopped before the end; run it again to go on', {
    cause: signal.reason,
    retryable: true,
  });
}
