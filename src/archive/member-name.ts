import type { Did } from '../core/entries/did-key.ts';
import type { Ledger } from '../core/ports/ledger.ts';

/** Returns what a member is called; empty where no name was given, is here, or is left after an erasure. */
export function memberName(id: Did, ledger: Pick<Ledger, 'governance' | 'record'>): string {
  const cid = ledger.governance().names.get(id);
  const record = cid === undefined ? undefined : ledger.record(cid);
  return record?.type === 'name' ? record.name : '';
}
