import { ArchiveError } from '../../core/errors.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { encodeText } from '../../core/statements/text.ts';
import type { Archive } from '../archive.ts';
import { type ClaimRequest, type DraftClaim, draftClaim } from './make-claim.ts';

export interface RecordedConsent extends Pick<DraftClaim, 'shown' | 'withdrawalCode'> {
  readonly entry: EntryHash;
  readonly id: string;
}

/**
 * Records a consent that a maker gave on paper, for which this home answers. Durable when the promise
 * resolves.
 *
 * @throws {ArchiveError} as {@link draftClaim}; `statement_rejected` if this home is no steward's or
 * archivist's.
 */
export async function recordConsent(
  request: Omit<ClaimRequest, 'key' | 'capture'>,
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<RecordedConsent> {
  const { ledger, catalog, sha256 } = archive;
  const roles = ledger.memberOf(ledger.self.did)?.roles ?? [];
  if (!roles.some((role) => role === 'steward' || role === 'archivist')) {
    throw new ArchiveError(
      'statement_rejected',
      'only a steward or archivist records a consent on paper; have the maker sign with --key',
    );
  }
  const { identity = 'steward' } = request;
  const draft = await draftClaim({ ...request, identity, capture: 'paper' }, archive);
  const { entry } = await ledger.append({
    statements: draft.statements,
    records: [],
    documents: [
      ...request.subject.documents,
      ...draft.file.texts.map((shown) => encodeText(shown, sha256)),
    ],
  });
  await catalog.catchUp();
  const { shown, withdrawalCode } = draft;
  return { entry, id: `${entry}/0`, shown, withdrawalCode };
}
