import { ArchiveError } from '../../core/errors.ts';

/** A record or response that is not what it says it is; `input_invalid`. */
export function broken(what: string): ArchiveError {
  return new ArchiveError('input_invalid', what);
}
