import { ArchiveError } from '../../core/errors.ts';
import type { LedgerParts } from '../ledger-parts.ts';

/**
 * Called first in each transaction that writes entries: what was prepared before it rests on a log of
 * `size` entries.
 *
 * @throws {ArchiveError} `home_locked` if another process has written entries meanwhile.
 */
export function refuseOtherWriter({ db, store }: LedgerParts, size: number): void {
  if (store.size() === size) return;
  throw new ArchiveError(
    'home_locked',
    `another process has written to ${db.path} meanwhile; end that process, or try again`,
    { retryable: true },
  );
}
