import { entryHashFromBytes } from '../../core/entries/entry-hash.ts';
import { type ErasureProgress, NOTICE_MS } from '../../core/ports/ledger.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import { damaged } from '../damaged.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';

/** Returns how far each erasure has got here, in order of arrival. */
export function progressOf(store: LedgerStore): readonly ErasureProgress[] {
  const progress = new Map<StatementId, Writable<ErasureProgress>>();
  for (const { arrival, place, state, since, records } of store.erasures.counts()) {
    const cid = store.entryAt(arrival)?.cid;
    if (cid === undefined) throw damaged(`there is no entry ${arrival}`);
    const id = `${entryHashFromBytes(cid)}/${place}` satisfies StatementId;
    const one = progress.get(id) ?? { id, hidden: 0, deleted: 0, absent: 0, void: 0, due: null };
    progress.set(id, one);
    switch (state) {
      case 'hides':
      case 'doubted':
        one.hidden += records;
        one.due = Math.max(one.due ?? 0, since + NOTICE_MS);
        break;
      case 'pending':
      case 'void':
        one.void += records;
        break;
      default:
        one[state] += records;
    }
  }
  return [...progress.values()];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
