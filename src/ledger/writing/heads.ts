import type { Did } from '../../core/entries/did-key.ts';
import { MAX_PARENTS } from '../../core/entries/entry.ts';
import { damaged } from '../damaged.ts';
import type { Ancestry } from '../ruling/ancestry.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import type { StoredEntry } from '../tables/stored-entry.ts';

/** Heads that are looked at in one go when the one over the author's own entries is searched. */
const PAGE = 256;

/**
 * Returns the heads that the author's next entry goes over: all of them, or 16.
 *
 * Its own come first, newest first, then the oldest arrived, so that heads are used up in order
 * however many there are. Whatever is left out, the author's own newest entry is in the past of
 * what is returned: otherwise the next entry would be a fork of its own chain.
 */
export function headsFor(author: Did, store: LedgerStore, ancestry: Ancestry): StoredEntry[] {
  if (store.heads.count() <= MAX_PARENTS) return store.heads.after(-1, MAX_PARENTS);
  const heads = store.heads.ownFirst(author, MAX_PARENTS);
  const tip = store.chains.tipOf(author);
  const own = tip === undefined ? undefined : store.entryAt(tip);
  if (own === undefined || ancestry.isInPast(own, heads)) return heads;
  let page = store.heads.after(-1, PAGE);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    const over = page.find((head) => ancestry.isInPast(own, [head]));
    if (over !== undefined) return [over, ...heads.slice(0, MAX_PARENTS - 1)];
    page = store.heads.after(last.arrival, PAGE);
  }
  throw damaged(`no head is over entry ${own.arrival}`);
}
