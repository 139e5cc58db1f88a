import { ArchiveError } from '../../core/errors.ts';
import { NOTICE_MS } from '../../core/ports/ledger.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { eraseFromObjections } from './erase-objections.ts';
import { type ErasurePlan, planErasure } from './plan-erasure.ts';

/** Records that one statement names. */
const RECORDS_AT_ONCE = 1_024;

export interface ErasedPerson extends ErasurePlan {
  /** The statements that erase; none where no record was. */
  readonly statements: readonly StatementId[];
  /** When the bytes of records are deleted; null where none was erased. */
  readonly due: string | null;
}

/**
 * Erases every record that names a person and that this home may erase: each is hidden at once here, and on
 * every node that hears of it; what objections in this home say of the person is deleted. Durable when the promise resolves. The statements name records by CID and
 * nobody, and say nothing of which works it was about.
 *
 * @throws {ArchiveError} `not_found` if no record and no objection names the person, `statement_rejected` if this home may
 * erase none of them, or is neither a steward's nor an archivist's.
 */
export async function erasePerson(
  request: { readonly person: string; readonly reason: string; readonly requestedAt?: string },
  archive: Pick<Archive, 'ledger' | 'catalog' | 'objections' | 'sha256' | 'clock'>,
): Promise<ErasedPerson> {
  const { ledger, catalog, clock } = archive;
  const { plan, records, person } = await planErasure(request.person, archive);
  if (records.length === 0) {
    if (plan.others === 0 && plan.objections === 0) throw nobody(request.person);
    if (plan.others > 0)
      throw new ArchiveError(
        'statement_rejected',
        `${plan.others} records name ${JSON.stringify(request.person)}, all written by others; ask a steward`,
      );
  }
  const at = timestampOf(clock);
  const { reason, requestedAt = at } = request;
  const statements: StatementId[] = [];
  for (let next = 0; next < records.length; next += RECORDS_AT_ONCE) {
    const some = records.slice(next, next + RECORDS_AT_ONCE);
    const erasure = createStatement('erasure', null, at, { records: some, reason, requestedAt });
    const { ids } = await ledger.append({ statements: [erasure], records: [], documents: [] });
    statements.push(...ids);
  }
  await eraseFromObjections(person, archive);
  if (statements.length === 0) return { ...plan, statements, due: null };
  await catalog.catchUp();
  return { ...plan, statements, due: timestampOf(() => clock() + NOTICE_MS) };
}

/** The answer about somebody whom no record names. */
export function nobody(person: string): ArchiveError {
  return new ArchiveError(
    'not_found',
    `no record or objection that can be read here names ${JSON.stringify(person)}; give the name as "show" prints it, or a did:key`,
  );
}
