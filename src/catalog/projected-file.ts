import { createHash } from 'node:crypto';
import type { Database } from '../sqlite/database.ts';
import { isOf, openCatalogFile, openForReading } from './catalog-file.ts';
import { CatalogReader } from './catalog-reader.ts';

import type { LedgerContext } from './lineage.ts';
import type { Pacer } from './pacer.ts';
import { isContinuedBy, projectArrivals } from './project-arrivals.ts';
import { Projection } from './projection.ts';
import { isDamage } from './soundness.ts';
import type { SourceLedger } from './source-ledger.ts';

/**
 * One open catalog file: a connection that projects, and one that answers. Answers come from what
 * has been committed, also while a long transaction is under way.
 */
export class ProjectedFile implements Disposable {
  readonly reader: CatalogReader;
  readonly #ledger: SourceLedger;
  readonly #writer: Database;
  readonly #projection: Projection;
  #isKnownToContinue = false;

  constructor(path: string, ledger: SourceLedger, onNotice: (text: string) => void) {
    this.#ledger = ledger;
    this.#writer = openCatalogFile(path, ledger, onNotice);
    try {
      const context: LedgerContext = {
        institutions: ledger.institutions(),
        sha256: (bytes) => createHash('sha256').update(bytes).digest(),
        isAncestor: (earlier, later) => ledger.isAncestor(earlier, later),
      };
      this.#projection = new Projection(this.#writer, ledger, context);
      this.reader = new CatalogReader(openForReading(path), ledger, context);
    } catch (error) {
      this.#writer.close();
      throw error;
    }
  }

  /** Says whether what is in the file is the beginning of what the ledger says now. */
  async isCurrent(): Promise<boolean> {
    if (!isOf(this.#writer, this.#ledger)) return false;
    this.#isKnownToContinue ||= await isContinuedBy(this.#writer, this.#ledger);
    return this.#isKnownToContinue;
  }

  /** Projects what is new, and returns how many entries that were. */
  async catchUp(pacer: Pacer): Promise<number> {
    try {
      return await projectArrivals(this.#writer, this.#projection, this.#ledger, pacer);
    } finally {
      this.reader.forget();
      // The log still holds what was erased from the file.
      if (this.#projection.takeErased()) this.#writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    }
  }

  isDamagedBy(error: unknown): boolean {
    return isDamage(error, this.#writer);
  }

  [Symbol.dispose](): void {
    this.reader[Symbol.dispose]();
    this.#writer.close();
  }
}
