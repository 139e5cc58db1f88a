import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cidFromBytes } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { RandomBytes } from '../../core/ports/environment.ts';
import { openDatabase } from '../../sqlite/open-database.ts';
import { transaction } from '../../sqlite/transaction.ts';
import { Ancestry } from '../ruling/ancestry.ts';
import { LedgerStore } from '../tables/ledger-store.ts';
import { MIGRATIONS } from '../tables/schema.ts';
import { translatingDamage } from '../translate-damage.ts';
import { EntryWriter } from '../writing/write-entry.ts';
import { type ArchiveDocuments, prepareLedger } from './prepare-ledger.ts';

/**
 * Makes a ledger of an archive that others have founded, without any entry yet; those come by sync.
 * Durable when the promise resolves. If the file holds the same archive already, nothing happens, so
 * that joining can be tried again after a kill.
 *
 * @throws {ArchiveError} `home_exists` if the file holds another archive, `disk_full`.
 */
export async function foundReplica(options: {
  /** The file `ledger.db`; its folder is made if it is missing. */
  readonly path: string;
  /** Checked against the archive's address by the caller. */
  readonly archive: ArchiveDocuments;
  readonly randomBytes: RandomBytes;
}): Promise<void> {
  const { path, archive, randomBytes } = options;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  using db = translatingDamage(() =>
    openDatabase(path, { migrations: MIGRATIONS, pageSums: true }),
  );
  const store = translatingDamage(() => new LedgerStore(db));
  const known = store.archive();
  if (known !== undefined) {
    if (cidFromBytes(known.manifest) === archive.manifest.cid) return;
    throw new ArchiveError(
      'home_exists',
      `${path} holds another archive already; join with another home`,
    );
  }
  transaction(db, () => {
    prepareLedger(store, new EntryWriter(store, new Ancestry(store)), archive, randomBytes(16));
  });
}
