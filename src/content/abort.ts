import { ArchiveError } from '../core/errors.ts';

/** @throws {ArchiveError} `aborted` if the caller gave up. */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new ArchiveError('aborted', 'stopped on request', { cause: signal.reason });
  }
}
