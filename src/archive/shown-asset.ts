import { seesEntries } from '../core/entries/standing.ts';
import type { AssetView } from '../core/ports/catalog.ts';
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
 * it. What an organisation said in its deposits is left out unless the caller may read every one of them.
 */
export function shownAsset(
  caller: Caller,
  view: AssetView,
  parts: Pick<Archive, 'ledger' | 'catalog'>,
): ShownAsset | undefined {
  if (!mayRead(caller, view.cid, parts)) return undefined;
  const hidden = new Set(
    (parts.catalog.access(view.cid)?.deposits ?? [])
      .filter((deposit) => !isOpenTo(caller, deposit))
      .map(({ organisation }) => organisation),
  );
  if (hidden.size === 0) return { view, isPartial: false };
  const deposits = view.deposits.filter(({ organisation }) => !hidden.has(organisation));
  const shown = {
    ...view,
    title: deposits.find(({ title }) => title !== '')?.title ?? '',
    creators: [...new Set(deposits.flatMap(({ makers }) => makers))],
    licence: deposits.find(({ licence }) => licence !== null)?.licence ?? null,
    deposits,
  };
  return { view: shown, isPartial: true };
}

function isOpenTo(caller: Caller, deposit: DepositAccess): boolean {
  if (caller.kind === 'owner') return true;
  if (deposit.visibility === 'public') return true;
  if (caller.kind === 'anonymous' || !seesEntries(caller.member)) return false;
  const { organisation, replica } = caller.member;
  return mayHaveRecord({ organisation, replica: parseReplicaPolicy(replica) }, deposit);
}
