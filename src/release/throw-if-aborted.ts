import { ArchiveError } from '../core/errors.ts';

/** @throws {ArchiveError} `aborted` once the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ArchiveError('aborted', 'stopped before the release was done; run it again', {
    cause: signal.reason,
    retryable: true,
  });
}
