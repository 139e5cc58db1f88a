import type { Cid } from '../../core/cid.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { isOpenStop } from '../judging/list-stops.ts';
import { type AskedRemoval, askedRemovals, confirmedOf, membersOf } from './said-removals.ts';

/** What is left of a removed asset: who asked for it, when and why. */
export interface Tombstone extends Pick<AskedRemoval, 'at' | 'organisation' | 'reason'> {
  readonly removal: StatementId;
  /** Whether it is confirmed, so that the bytes are destroyed or will be. */
  readonly isDue: boolean;
}

/** Returns every removed asset with its tombstone; a removal that is due tells before one that is not. */
export async function tombstones(
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock'>,
): Promise<ReadonlyMap<Cid, Tombstone>> {
  const asked = askedRemovals(archive);
  const due = new Map(confirmedOf(asked, archive).map((one) => [one.id, one]));
  const found = new Map<Cid, Tombstone>();
  const turn = takeTurns();
  for (const { id, at, organisation, reason, about, ...removal } of asked) {
    const confirmed = due.get(id);
    const tombstone = { removal: id, at, organisation, reason };
    for (const asset of await membersOf({ ...removal, about }, archive)) {
      await turn();
      if (!isOpenStop(id, asset, archive) || found.get(asset)?.isDue === true) continue;
      const isDue = confirmed?.approvals.some((one) => isOpenStop(one.id, asset, archive)) ?? false;
      found.set(asset, { ...tombstone, isDue });
    }
  }
  return found;
}
