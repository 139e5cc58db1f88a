import type { Response } from 'express';
import { allowedUses } from '../../archive/allowed-uses.ts';
import type { Archive } from '../../archive/archive.ts';
import { storedCid } from '../../archive/open-dag.ts';
import { reservationFields } from '../../core/reservations/header-fields.ts';
import type { Found } from './found.ts';

/**
 * Says for which uses an asset, or what is a part of one, is reserved at this moment: for all for which
 * it is not eligible. Of what is no asset nothing is said.
 */
export function setReservationHeaders(
  res: Response,
  { dag, resolved }: Found,
  archive: Pick<Archive, 'catalog' | 'clock'>,
): void {
  // A path can lead from what is no asset to one, and a block of one is none itself.
  for (const cid of [storedCid(resolved.cid), dag.root]) {
    const allowed = cid && allowedUses(cid, archive);
    if (allowed === undefined) continue;
    res.set(reservationFields(allowed));
    return;
  }
}
