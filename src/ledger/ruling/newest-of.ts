import type { Did } from '../../core/entries/did-key.ts';
import { entryHashFromBytes } from '../../core/entries/entry-hash.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import type { Position } from '../tables/stored-entry.ts';
import type { Ancestry } from './ancestry.ts';

/**
 * Returns the newest entries in the past of a child of `parents` that these keys wrote, or in which
 * they speak by an envelope: those that lie in the past of no other.
 *
 * A key whose entries form a chain is looked at until the first that is in the past.
 */
export function newestOf(
  keys: readonly Did[],
  parents: readonly Position[],
  store: LedgerStore,
  ancestry: Ancestry,
): readonly EntryHash[] {
  const found = new Map<number, Position & { readonly cid: Uint8Array }>();
  for (const key of keys) {
    const isChain = !store.chains.hasForks(key);
    for (const entry of store.chains.entriesBy(key)) {
      if (!ancestry.isInPast(entry, parents)) continue;
      found.set(entry.arrival, entry);
      if (isChain) break;
    }
    for (const entry of store.chains.entriesSignedBy(key)) {
      if (ancestry.isInPast(entry, parents)) found.set(entry.arrival, entry);
    }
  }
  const entries = [...found.values()];
  return entries
    .filter((one) => !entries.some((other) => ancestry.isAncestor(one, other)))
    .map(({ cid }) => entryHashFromBytes(cid));
}
