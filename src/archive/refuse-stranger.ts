import { strangerError } from '../core/entries/standing.ts';
import type { Ledger } from '../core/ports/ledger.ts';

/**
 * Refuses a home that may not write, before it works for hours on what it could not record.
 *
 * @throws {ArchiveError} `member_missing`.
 */
export function refuseStranger(ledger: Pick<Ledger, 'memberOf' | 'self'>): void {
  const { did } = ledger.self;
  if (ledger.memberOf(did) === undefined) throw strangerError(did);
}
