import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { batchOf, readBody } from '../../src/core/entries/body.ts';
import { readEntry } from '../../src/core/entries/entry.ts';
import { fromEntryHash } from '../../src/core/entries/entry-hash.ts';
import type { StatementOutline } from '../../src/core/statements/statement.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { fixedClock, seededBytes } from './environs.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** An entry of a home's ledger: what its bytes say, and what the home lets stand of it. */
export interface SeenEntry {
  readonly hash: string;
  readonly author: string;
  readonly parents: readonly string[];
  readonly statements: readonly StatementOutline[];
  /** Why which of its statements count for nothing. */
  readonly void: ReadonlyMap<string, string>;
}

/** Reads all of the ledger of a home, which may be in use, from a copy of it. */
export async function seeLedger(home: string): Promise<readonly SeenEntry[]> {
  using folder = temporaryFolder();
  const path = join(folder.path, 'ledger.db');
  {
    using live = new DatabaseSync(join(home, 'ledger.db'), { readOnly: true });
    await backup(live, path);
  }
  const keyPath = join(home, 'key.pem');
  const environs = { clock: fixedClock, randomBytes: seededBytes('seen') };
  await using ledger = await openLedger({ path, keyPath, ...environs });
  const seen: SeenEntry[] = [];
  for await (const { entry: hash, void: nothing } of ledger.arrivals(0)) {
    const bytes = ledger.block(fromEntryHash(hash));
    if (bytes === undefined) throw new Error(`${hash} is listed and not there`);
    const entry = readEntry(bytes);
    const batch = batchOf(entry);
    seen.push({
      ...{ hash, author: entry.identity, parents: entry.next },
      statements: readBody(entry, batch && ledger.block(batch)),
      void: new Map(nothing.map(({ id, reason }) => [id, reason])),
    });
  }
  return seen;
}
