import type { Did } from '../../core/entries/did-key.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { BodyOf, Role } from '../../core/statements/kinds.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

export type Outcome = BodyOf<'acknowledgement'>['outcome'];

/** What members say became of an erasure or a removal. */
export interface Acknowledged {
  readonly acknowledged: readonly {
    readonly member: Did;
    readonly organisation: string;
    readonly outcome: Outcome;
    readonly at: string;
  }[];
  /** Members that keep copies and have not said so yet. */
  readonly waiting: readonly { readonly member: Did; readonly organisation: string }[];
}

const KEEPERS: readonly Role[] = KINDS.acknowledgement.roles;

/** Returns what tells who has acknowledged a statement, as it is known now. */
export function acknowledgements({
  ledger,
  catalog,
}: Pick<Archive, 'ledger' | 'catalog'>): (of: StatementId) => Acknowledged {
  const keepers = ledger
    .members()
    .filter(({ roles }) => roles.some((role) => KEEPERS.includes(role)));
  const said = Map.groupBy(all(catalog), ({ of }) => of);
  return (of) => {
    const acknowledged = said.get(of) ?? [];
    const have = new Set(acknowledged.map(({ author }) => author));
    return {
      acknowledged: acknowledged.map(({ author, organisation, outcome, at }) => ({
        member: ledger.memberOf(author)?.id ?? author,
        ...{ organisation, outcome, at },
      })),
      waiting: keepers
        .filter(({ keys }) => !keys.some((key) => have.has(key)))
        .map(({ id: member, organisation }) => ({ member, organisation })),
    };
  };
}

/** Returns what says whether this home may acknowledge a statement, and has not. */
export function unacknowledged({
  ledger,
  catalog,
}: Pick<Archive, 'ledger' | 'catalog'>): (of: StatementId) => boolean {
  const { did } = ledger.self;
  const roles = ledger.memberOf(did)?.roles ?? [];
  if (ledger.isWaiting || !roles.some((role) => KEEPERS.includes(role))) return () => false;
  const said = new Set<StatementId>();
  for (const { author, of } of all(catalog)) if (author === did) said.add(of);
  return (of) => !said.has(of);
}

/** Tells the others, for good, what became of it here. The catalog is not caught up. */
export async function acknowledge(
  of: StatementId,
  outcome: Outcome,
  { ledger, clock }: Pick<Archive, 'ledger' | 'clock'>,
): Promise<void> {
  const statement = createStatement('acknowledgement', null, timestampOf(clock), { of, outcome });
  await ledger.append({ statements: [statement], records: [], documents: [] });
}

function* all(catalog: Archive['catalog']) {
  for (const { author, organisation, statement } of catalog.said('acknowledgement')) {
    if (statement.kind !== 'acknowledgement') continue;
    yield { author, organisation, at: statement.at, ...statement.body };
  }
}
