import type { Cid } from '../../cid.ts';
import type { Did } from '../did-key.ts';
import type { Governance } from './fold.ts';

/** Returns, by the members' ids, the records with their names: the newest grant or admission that has one. */
export function nameRecordsOf({ acts, problemOf }: Governance): ReadonlyMap<Did, Cid> {
  const records = new Map<Did, Cid>();
  for (const { hash, kind, body } of acts) {
    if ((kind !== 'grant' && kind !== 'admit') || problemOf(hash) !== undefined) continue;
    if (body.record !== null) records.set(body.id, body.record);
  }
  return records;
}
