import { LIKENESS_LIMITS, type LikenessLimits } from '../core/likeness/likeness.ts';
import type { Catalog } from '../core/ports/catalog.ts';
import type { SourceLedger } from './projecting/source-ledger.ts';
import { SqliteCatalog } from './sqlite-catalog.ts';

/** Fewer assets than this are looked through in a few turns, sooner than a thread is started. */
const THREAD_FROM = 8_192;

export interface CatalogOptions {
  /** The catalog's file. Whatever is wrong with it, it is built again. */
  readonly path: string;
  readonly ledger: SourceLedger;
  /** Within which assets are alike; those that were measured where they are left out. */
  readonly likeness?: LikenessLimits;
  /** From how many assets on questions that may look at all of them are answered in a thread of their own. */
  readonly threadFrom?: number;
  /** Told in a sentence why a file was thrown away, or a thread is lost. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Opens the catalog of a ledger as it was left; `catchUp` brings it up to date.
 *
 * One process may have a file open, the one that owns the ledger. Dispose it before the ledger.
 *
 * @throws {ArchiveError} `disk_full`, `home_locked`, `filesystem_unsuitable`; `home_corrupt` if the
 * folder cannot be written.
 */
export function openCatalog({
  path,
  ledger,
  likeness = LIKENESS_LIMITS,
  threadFrom = THREAD_FROM,
  onNotice = () => {},
}: CatalogOptions): Catalog & AsyncDisposable {
  return new SqliteCatalog({ path, ledger, likeness, threadFrom, onNotice });
}
