import { ArchiveError } from '../../core/errors.ts';
import type { Archive } from '../archive.ts';
import { type Proposed, propose } from './propose.ts';

/**
 * Proposes how many stewards must approve from then on. More than half must in any case, so 1 asks for
 * no more than that, however many there are. Who the stewards are stays.
 *
 * @throws {ArchiveError} `usage_invalid` for more than there are stewards, or what holds already;
 * `statement_rejected` if this home is no steward's.
 */
export async function changeQuorum(
  { quorum, reason }: { readonly quorum: number; readonly reason: string },
  parts: Pick<Archive, 'ledger' | 'clock' | 'sha256'>,
): Promise<Proposed> {
  const { stewards, quorum: before } = parts.ledger.governance();
  if (quorum > stewards.length) {
    const text = `a quorum of ${quorum} cannot be met: there are ${stewards.length} stewards`;
    throw new ArchiveError('usage_invalid', `${text}; "member grant KEY steward" proposes another`);
  }
  if (quorum === before) {
    throw new ArchiveError('usage_invalid', `the quorum is ${quorum} already`);
  }
  const change = { list: [...stewards], quorum, last: [] };
  return propose({ topic: 'stewards', reason, stewards: change }, parts);
}
