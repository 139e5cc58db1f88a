import { setImmediate } from 'node:timers/promises';
import type { Entry } from '../../core/entries/entry.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import type { StoredEntry } from '../tables/stored-entry.ts';
import { readStored, storedStatements } from './arrivals.ts';

const PAGE = 64;

/** An entry with what it says, whether or not that counts. */
interface SaidEntry {
  readonly stored: StoredEntry;
  readonly entry: Entry;
  readonly statements: readonly StatementOutline[];
}

/** Yields every accepted entry in order of arrival, one at a time, and gives others their turn. */
export async function* eachEntry(store: LedgerStore): AsyncGenerator<SaidEntry, void> {
  for (let next = 0; ; ) {
    const page = store.entriesFrom(next, PAGE);
    if (page.length === 0) return;
    for (const stored of page) {
      const entry = readStored(stored);
      yield { stored, entry, statements: storedStatements(store, entry) };
      next = stored.arrival + 1;
      await setImmediate();
    }
  }
}
