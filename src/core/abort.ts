import { ArchiveError } from './errors.ts';

/** @throws {ArchiveError} `aborted` once the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted(signal);
}

/** Returns the error of work that was stopped. */
export function aborted(signal?: AbortSignal): ArchiveError {
  return new ArchiveError('aborted', 'stopped before the end; run it again to go on', {
    cause: signal?.reason,
    retryable: true,
  });
}
