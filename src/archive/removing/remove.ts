import { ArchiveError } from '../../core/errors.ts';
import { reflectedFrom } from '../../core/provenance/removal-approval.ts';
import type { Archive } from '../archive.ts';
import type { Subject } from '../claims/subject.ts';
import { timestampOf } from '../now.ts';
import { noteOf, type Stated, stateAbout } from '../state-about.ts';
import { approversIn, askedRemovals, membersOf } from './said-removals.ts';

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>;

/**
 * Asks for the removal of assets: nobody is given their bytes from now on, here and on every node that hears of
 * it, and nobody takes them in again. They are destroyed once it is confirmed ({@link confirmRemoval}), and until
 * then a resolution takes it back.
 *
 * @throws {ArchiveError} `statement_rejected` if this home is no steward's.
 */
export function remove(
  { subject, reason, note }: { subject: Subject; reason: string; note?: string | undefined },
  archive: Parts,
): Promise<Stated> {
  const bodyWith = (record: Parameters<Parameters<typeof stateAbout<'removal'>>[1]>[0]) => ({
    ...{ reason, secondApprover: null, confirms: null, record },
  });
  return stateAbout('removal', bodyWith, { subject, record: noteOf(note) }, archive);
}

/**
 * Confirms a removal, so that every node destroys the bytes and says so: as another steward at any time, as the
 * lone steward 24 hours after it was asked for.
 *
 * @throws {ArchiveError} `not_found` for what is no removal that was asked for; `statement_rejected` if it is
 * not this home's to confirm, or not yet.
 */
export async function confirmRemoval(
  { id, note }: { readonly id: string; readonly note?: string | undefined },
  archive: Parts,
): Promise<Stated> {
  const { ledger, clock } = archive;
  const removal = askedRemovals(archive).find((one) => one.id === id);
  if (removal === undefined) {
    throw new ArchiveError(
      'not_found',
      `${id} is no removal that was asked for; see "remove list"`,
    );
  }
  const { stewards, memberWith } = approversIn(archive);
  const self = ledger.self.did;
  const isOther = (memberWith(self) ?? self) !== (memberWith(removal.author) ?? removal.author);
  if (!isOther && stewards.length > 1) {
    const text = `${id} was asked for by this steward; another one has to confirm it`;
    throw new ArchiveError('statement_rejected', text);
  }
  if (!isOther && clock() < reflectedFrom(removal)) {
    const from = timestampOf(() => reflectedFrom(removal));
    const text = `${id} was asked for by this steward, the only one, and can be confirmed from ${from} on`;
    throw new ArchiveError('statement_rejected', text);
  }
  const { about, reason } = removal;
  const subject = { about, members: await membersOf(removal, archive), documents: [] };
  return stateAbout(
    'removal',
    (record) => ({
      ...{ reason, confirms: removal.id, record },
      secondApprover: isOther ? self : null,
    }),
    { subject, record: noteOf(note) },
    archive,
  );
}
