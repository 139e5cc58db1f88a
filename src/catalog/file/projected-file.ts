import { createHash } from 'node:crypto';
import type { Database } from '../../sqlite/database.ts';
import { CatalogReader } from '../catalog-reader.ts';
import type { Pacer } from '../pacer.ts';

import type { LedgerContext } from '../projecting/lineage.ts';
import type { Moves } from '../projecting/moves.ts';
import { isContinuedBy, nextArrival, projectArrivals } from '../projecting/project-arrivals.ts';
import { projectLateRecords } from '../projecting/project-late-records.ts';
import { Projection } from '../projecting/projection.ts';
import type { SourceLedger } from '../projecting/source-ledger.ts';
import { isOf, openCatalogFile, openForReading } from './catalog-file.ts';
import { isDamage } from './soundness.ts';

/**
 * One open catalog file: a connection that projects, and one that answers. Answers come from what
 * has been committed, also while a long transaction is under way.
 */
export class ProjectedFile implements Disposable {
  readonly reader: CatalogReader;
  readonly #path: string;
  readonly #context: LedgerContext;
  readonly #ledger: SourceLedger;
  readonly #writer: Database;
  readonly #projection: Projection;
  #isKnownToContinue = false;

  constructor(path: string, ledger: SourceLedger, onNotice: (text: string) => void) {
    this.#path = path;
    this.#ledger = ledger;
    this.#context = {
      institutions: ledger.institutions(),
      credentialList: ledger.credentialList()?.cid,
      sha256: (bytes) => createHash('sha256').update(bytes).digest(),
      isAncestor: (earlier, later) => ledger.isAncestor(earlier, later),
    };
    this.#writer = openCatalogFile(path, ledger, onNotice);
    try {
      this.#projection = new Projection(this.#writer, ledger, this.#context);
      this.reader = new CatalogReader(openForReading(path), ledger, this.#context);
    } catch (error) {
      this.#writer.close();
      throw error;
    }
  }

  /** Returns a reader to which nothing that is projected from now on shows; the caller's to dispose. */
  readAsOfNow(): CatalogReader {
    const db = openForReading(this.#path);
    try {
      db.exec('BEGIN; SELECT next FROM state');
      return new CatalogReader(db, this.#ledger, this.#context);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /**
   * Says why the file is of no use any more; undefined while what is in it is the beginning of what
   * the ledger says now, seen by the rules of this program.
   */
  async problem(): Promise<string | undefined> {
    if (!isOf(this.#writer, this.#ledger)) return 'is of another ledger, or of other trust lists';
    // Only what happened before the file was opened can be otherwise than it was found.
    if (this.#isKnownToContinue) return undefined;
    if (!(await isContinuedBy(this.#writer, this.#ledger))) {
      return 'has other entries than the ledger';
    }
    if (!this.reader.agreesWithRules())
      return 'was decided by other rules than those of this version';
    this.#isKnownToContinue = true;
    return undefined;
  }

  /** Which assets its projection has given another decision class. */
  get moves(): Moves {
    return this.#projection.moves;
  }

  /** Arrival number of the next entry to project. */
  get next(): number {
    return nextArrival(this.#writer);
  }

  /** Projects what is new, and returns how many entries that were. */
  async catchUp(pacer: Pacer): Promise<number> {
    try {
      const parts = [this.#writer, this.#projection, this.#ledger, pacer] as const;
      const entries = await projectArrivals(...parts);
      await projectLateRecords(...parts);
      return entries;
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
