import type { ErasureProgress } from '../../core/ports/ledger.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { Archive } from '../archive.ts';
import { type Acknowledged, acknowledgements } from '../governing/acknowledgements.ts';
import { timestampOf } from '../now.ts';

/** One erasure that stands: how far it has got here, and which members say that they carried it out. */
export interface ListedErasure extends Acknowledged {
  readonly id: StatementId;
  readonly at: string;
  readonly organisation: string;
  readonly reason: string;
  readonly requestedAt: string;
  /** How many records it names. */
  readonly records: number;
  /** Of these, what this home has done; when the bytes of what is hidden are deleted. */
  readonly here: Omit<ErasureProgress, 'id' | 'due'> & { readonly due: string | null };
}

/** Returns the erasures that stand, oldest first. */
export function listErasures({
  ledger,
  catalog,
}: Pick<Archive, 'ledger' | 'catalog'>): readonly ListedErasure[] {
  const acknowledged = acknowledgements({ ledger, catalog });
  const progress = new Map(ledger.erasures().map((one) => [one.id, one]));
  const listed: ListedErasure[] = [];
  for (const { id, organisation, statement } of catalog.said('erasure')) {
    if (statement.kind !== 'erasure') continue;
    const { records, reason, requestedAt } = statement.body;
    const {
      hidden = 0,
      deleted = 0,
      absent = 0,
      void: nothing = 0,
      due = null,
    } = progress.get(id) ?? {};
    listed.push({
      ...{ id, at: statement.at, organisation, reason, requestedAt, records: records.length },
      here: {
        ...{ hidden, deleted, absent, void: nothing },
        due: due === null ? null : timestampOf(() => due),
      },
      ...acknowledged(id),
    });
  }
  return listed;
}
