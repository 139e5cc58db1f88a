import type { Did } from '../../core/entries/did-key.ts';
import type { ErasureProgress } from '../../core/ports/ledger.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import { KINDS, type Role } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

/** One erasure that stands: how far it has got here, and which members say that they carried it out. */
export interface ListedErasure {
  readonly id: StatementId;
  readonly at: string;
  readonly organisation: string;
  readonly reason: string;
  readonly requestedAt: string;
  /** How many records it names. */
  readonly records: number;
  /** Of these, what this home has done; when the bytes of what is hidden are deleted. */
  readonly here: Omit<ErasureProgress, 'id' | 'due'> & { readonly due: string | null };
  readonly acknowledged: readonly {
    readonly member: Did;
    readonly organisation: string;
    readonly outcome: 'done' | 'not-held' | 'failed';
    readonly at: string;
  }[];
  /** Members that keep records and have not said so yet. */
  readonly waiting: readonly { readonly member: Did; readonly organisation: string }[];
}

/** Returns the erasures that stand, oldest first. */
export function listErasures({
  ledger,
  catalog,
}: Pick<Archive, 'ledger' | 'catalog'>): readonly ListedErasure[] {
  const keepers: readonly Role[] = KINDS.acknowledgement.roles;
  const members = ledger
    .members()
    .filter(({ roles }) => roles.some((role) => keepers.includes(role)));
  const said = Map.groupBy(acknowledgements(catalog), ({ of }) => of);
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
    const acknowledged = said.get(id) ?? [];
    const have = new Set(acknowledged.map(({ author }) => author));
    listed.push({
      ...{ id, at: statement.at, organisation, reason, requestedAt, records: records.length },
      here: {
        ...{ hidden, deleted, absent, void: nothing },
        due: due === null ? null : timestampOf(() => due),
      },
      acknowledged: acknowledged.map(({ author, organisation: by, outcome, at }) => ({
        member: ledger.memberOf(author)?.id ?? author,
        organisation: by,
        outcome,
        at,
      })),
      waiting: members
        .filter(({ keys }) => !keys.some((key) => have.has(key)))
        .map(({ id: member, organisation: of }) => ({ member, organisation: of })),
    });
  }
  return listed;
}

function* acknowledgements(catalog: Archive['catalog']) {
  for (const { author, organisation, statement } of catalog.said('acknowledgement')) {
    if (statement.kind !== 'acknowledgement') continue;
    yield { author, organisation, at: statement.at, ...statement.body };
  }
}
