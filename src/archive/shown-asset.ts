import { seesEntries } from '../core/entries/standing.ts';
import type { AssetView } from '../core/ports/asset-views.ts';
import { factsOf } from '../core/provenance/facts.ts';
import { type Caller, mayRead } from '../core/sharing/caller.ts';
import { type DepositAccess, mayHaveRecord } from '../core/sharing/readership.ts';
import { parseReplicaPolicy } from '../core/sharing/replica-policy.ts';
import type { Archive } from './archive.ts';

/** An asset as somebody may see it. */
export interface ShownAsset {
  readonly view: AssetView;
  /** Something that was said of it when it was deposited is left out. */
  readonly isPartial: boolean;
}

/**
 * Returns what a caller who does not see everything may see of an asset; undefined if it may not read
 * it; a maker sees the assets that are its own and no others. What was said in a deposit is left out unless the
 * caller may read the collection that it was deposited in, or is a maker and the deposit is this home's own.
 */
export function shownAsset(
  caller: Caller,
  view: AssetView,
  parts: Pick<Archive, 'ledger' | 'catalog'>,
): ShownAsset | undefined {
  const { ledger, catalog } = parts;
  const isSeen =
    caller.kind === 'maker'
      ? catalog.hasSigned(caller.key, view.cid)
      : mayRead(caller, view.cid, parts);
  if (!isSeen) return undefined;
  const facts = catalog.facts(view.cid);
  const collections = new Map(
    (facts === undefined ? [] : factsOf(facts, 'deposit')).map(({ id, body }) => [
      id as string,
      body.collection,
    ]),
  );
  const accesses = catalog.access(view.cid)?.deposits ?? [];
  const deposits = view.deposits.filter(({ id, organisation }) =>
    accesses.some(
      (access) =>
        access.organisation === organisation &&
        access.collection === collections.get(id) &&
        isOpenTo(caller, access, ledger.self.organisation),
    ),
  );
  if (deposits.length === view.deposits.length) {
    // Of the other parts some may not be for this caller.
    const work = view.work && { ...view.work, parts: null };
    return { view: { ...view, work }, isPartial: false };
  }
  const shown = {
    ...view,
    title: deposits.find(({ title }) => title !== '')?.title ?? '',
    creators: [...new Set(deposits.flatMap(({ makers }) => makers))],
    licence: deposits.find(({ licence }) => licence !== null)?.licence ?? null,
    work: null,
    deposits,
  };
  return { view: shown, isPartial: true };
}

function isOpenTo(caller: Caller, deposit: DepositAccess, own: string): boolean {
  if (caller.kind === 'owner') return true;
  if (deposit.visibility === 'public') return true;
  if (caller.kind === 'maker') return deposit.organisation === own;
  if (caller.kind === 'anonymous' || !seesEntries(caller.member)) return false;
  const { organisation, replica } = caller.member;
  return mayHaveRecord({ organisation, replica: parseReplicaPolicy(replica) }, deposit);
}
