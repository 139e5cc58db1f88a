import { ArchiveError } from '../../core/errors.ts';

/** Returns the failure of a proof of age; `problem` goes on after "this proof of age". */
export function refused(problem: string, cause?: unknown): ArchiveError {
  return new ArchiveError('proof_invalid', `this proof of age ${problem}`, { cause });
}
