import type { Cid } from '../../core/cid.ts';
import type { StandingStatement } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { Archive } from '../archive.ts';
import type { Stopping } from './stop.ts';

export interface ListedStop {
  readonly id: string;
  readonly kind: Stopping;
  readonly about: { readonly asset: Cid } | { readonly set: Cid } | null;
  readonly at: string;
  readonly organisation: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly isOpen: boolean;
  /** Its deadline has passed and nobody has ended it. */
  readonly isOverdue: boolean;
}

/** Yields what was said to stop uses, oldest arrival first, with whether it is open still. */
export async function* listStops(
  kind: Stopping,
  { isOpenOnly, at }: { readonly isOpenOnly: boolean; readonly at: string },
  archive: Pick<Archive, 'ledger' | 'catalog'>,
): AsyncGenerator<ListedStop> {
  for (const said of archive.catalog.said(kind)) {
    const isOpen = await isStillOpen(said, archive);
    if (isOpenOnly && !isOpen) continue;
    const { id, organisation } = said;
    const { about, body } = said.statement;
    const deadline: unknown = body['deadline' as keyof typeof body];
    yield {
      ...{ id, kind, about, at: said.statement.at, organisation, body },
      isOpen,
      isOverdue: isOpen && typeof deadline === 'string' && deadline <= at,
    };
  }
}

/** Of a set its first member tells, since what ends a statement about a set is about that set. */
async function isStillOpen(
  { id, statement }: StandingStatement,
  { ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>,
): Promise<boolean> {
  const { about } = statement;
  if (about === null) return false;
  const asset = 'asset' in about ? about.asset : (await ledger.setMembers(about.set))[0];
  return asset === undefined || isOpenStop(id, asset, { catalog });
}

/** Says whether nobody has ended what stops an asset, or its set, so far. */
export function isOpenStop(
  id: StatementId,
  asset: Cid,
  { catalog }: Pick<Archive, 'catalog'>,
): boolean {
  const found = catalog.abstraction(asset);
  if (found === undefined) return true;
  const ref = found.refs.indexOf(id);
  const { stops, flags } = found.input;
  const isCleared = flags.some((flag) => flag.ref === ref && flag.clearings.length > 0);
  return (
    [...stops, ...flags].some((one) => one.ref === ref && one.endedBy.length === 0) && !isCleared
  );
}
