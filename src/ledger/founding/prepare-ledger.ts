import { cidToBytes } from '../../core/cid.ts';
import type { Block } from '../../core/statements/block.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import type { EntryWriter } from '../writing/write-entry.ts';

/** What an archive is before its first entry. */
export interface ArchiveDocuments {
  readonly manifest: Block;
  readonly charter: Block;
  /** The policies and trust lists that the charter names. */
  readonly documents: readonly Block[];
}

/**
 * Makes an empty `ledger.db` the home of one archive, within the caller's transaction. `epoch` is 16
 * fresh random bytes: it names this home's tree (ledger.md §6).
 */
export function prepareLedger(
  store: LedgerStore,
  writer: EntryWriter,
  archive: ArchiveDocuments,
  epoch: Uint8Array,
): void {
  const { manifest, charter, documents } = archive;
  for (const { cid, bytes } of [manifest, charter, ...documents]) writer.block(cid, bytes);
  store.db.prepare('INSERT INTO archive VALUES (?, ?)').run(cidToBytes(manifest.cid), epoch);
}
