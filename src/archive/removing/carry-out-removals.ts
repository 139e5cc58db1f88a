import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { acknowledge, unacknowledged } from '../governing/acknowledgements.ts';
import { isOpenStop } from '../judging/list-stops.ts';
import { destroyAsset } from './destroy-asset.ts';
import { askedRemovals, type ConfirmedRemoval, confirmedOf, membersOf } from './said-removals.ts';

export interface CarriedOut {
  /** Assets whose bytes were here and are destroyed. */
  readonly assets: number;
  readonly blocks: number;
  /** Removals that this home has said it carried out. */
  readonly acknowledged: readonly StatementId[];
}

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'content' | 'clock' | 'keptPreviews'>;

/**
 * Returns the confirmed removals that this home is to carry out, or with `isNewOnly` those of which it has not said
 * that it did.
 */
export function removalsToDo(
  { isNewOnly }: { readonly isNewOnly: boolean },
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock'>,
): readonly ConfirmedRemoval[] {
  const isToSay = unacknowledged(archive);
  const confirmed = confirmedOf(askedRemovals(archive), archive);
  return confirmed.filter(({ id }) => !isNewOnly || isToSay(id));
}

/**
 * Destroys the bytes of every asset whose removal is confirmed, as far as nothing that stays is made of them,
 * and tells the others once what became of each removal: `done`, or `not-held` where none of it was ever here.
 * Nothing may be taken in meanwhile. Safe to call again after a crash, and what comes back out of a backup is
 * destroyed again; with `isNewOnly` that is not looked for.
 *
 * @throws {ArchiveError} as {@link destroyAsset}: nothing is acknowledged of a removal that is not carried out.
 */
export async function carryOutRemovals(
  { isNewOnly }: { readonly isNewOnly: boolean },
  archive: Parts,
  signal?: AbortSignal,
): Promise<CarriedOut> {
  const { catalog, content, keptPreviews } = archive;
  const options = signal === undefined ? {} : { signal };
  const due = await dueAssets(removalsToDo({ isNewOnly: false }, archive), archive, signal);
  const isToSay = unacknowledged(archive);
  const going = new Set(due.values().toArray().flat());
  const turn = takeTurns();
  const acknowledged: StatementId[] = [];
  let [assets, blocks] = [0, 0];
  let isRead = false;
  for (const [removal, members] of due) {
    if (isNewOnly && !isToSay(removal)) continue;
    for (const asset of members) {
      await turn();
      throwIfAborted(signal);
      await keptPreviews.forget(asset);
      if (!(await content.has(asset))) continue;
      // Only then is it known what else is made of its blocks.
      if (!isRead) await content.recordParts(options);
      isRead = true;
      const destroyed = await destroyAsset(asset, (root) => going.has(root), content);
      if (destroyed > 0) assets += 1;
      blocks += destroyed;
    }
    if (!isToSay(removal)) continue;
    const wasHeld = members.some((asset) => content.wasRoot(asset));
    await acknowledge(removal, wasHeld ? 'done' : 'not-held', archive);
    acknowledged.push(removal);
  }
  if (acknowledged.length > 0) await catalog.catchUp(options);
  return { assets, blocks, acknowledged };
}

/** Returns the assets that are to be destroyed, by the removal that says so. */
async function dueAssets(
  removals: readonly ConfirmedRemoval[],
  archive: Pick<Archive, 'ledger' | 'catalog'>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<StatementId, readonly Cid[]>> {
  const turn = takeTurns();
  const due = new Map<StatementId, readonly Cid[]>();
  for (const removal of removals) {
    const open: Cid[] = [];
    for (const asset of await membersOf(removal, archive)) {
      await turn();
      throwIfAborted(signal);
      if (!isOpenStop(removal.id, asset, archive)) continue;
      if (removal.approvals.some(({ id }) => isOpenStop(id, asset, archive))) open.push(asset);
    }
    if (open.length > 0) due.set(removal.id, open);
  }
  return due;
}
