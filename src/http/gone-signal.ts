import type { Response } from 'express';
import { ArchiveError } from '../core/errors.ts';

/** Returns a signal that fires when the client goes away before it has been answered. */
export function signalOf(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => gone.abort(new ArchiveError('aborted', 'the client went away')));
  return gone.signal;
}
