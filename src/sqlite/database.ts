import { statSync } from 'node:fs';
import { backup, type DatabaseSync, type StatementSync } from 'node:sqlite';
import { ArchiveError } from '../core/errors.ts';
import { noteLoggedPages, sumPages } from './page-sums.ts';
import { toArchiveError } from './sqlite-error.ts';

/** What can be bound to a parameter. Integers beyond 2^53 need `bigint`. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** Positional values, or one object for `:name` parameters. */
export type SqlParameters = readonly SqlValue[] | readonly [Readonly<Record<string, SqlValue>>];

/**
 * A prepared statement of one database; ends with it.
 *
 * `Row` is what the author of the SQL says its columns are; declare tables `STRICT` so that it
 * holds. Integers come as numbers, and one beyond 2^53 throws instead of being rounded. Blobs come
 * as fresh `Uint8Array`s. All calls fail as {@link Database.exec} does.
 */
export interface Statement<Row> {
  /** Returns the first row. */
  get(...parameters: SqlParameters): Row | undefined;
  all(...parameters: SqlParameters): Row[];
  /** Returns rows as they are computed. The statement must not be used again before the end. */
  iterate(...parameters: SqlParameters): IterableIterator<Row>;
  run(...parameters: SqlParameters): { readonly changes: number; readonly lastRowId: number };
}

/** How long a call waits for another process that writes. */
export const BUSY_TIMEOUT_MS = 5_000;

/**
 * Bytes of log before it is folded back: enough that pages written often are written back seldom,
 * and little enough that whatever else runs waits for some hundredths of a second.
 */
const FOLD_BYTES = 16 * 1024 * 1024;

/** Pages copied before other work gets its turn: 4 MiB. */
const PAGES_AT_ONCE = 1024;

/**
 * One open SQLite file, made by `openDatabase`; the only place that knows which library it is.
 *
 * Everything is synchronous. A commit is on disk when {@link Database.commit} returns.
 */
export class Database implements Disposable {
  readonly path: string;
  readonly #connection: DatabaseSync;
  /** Size of the log at which it is folded back; none where SQLite does so by itself. */
  #foldAt: number | undefined;

  constructor(path: string, connection: DatabaseSync) {
    this.path = path;
    this.#connection = connection;
  }

  /** Whether a transaction is open. SQLite itself ends one when the disk is full. */
  get inTransaction(): boolean {
    return this.#connection.isTransaction;
  }

  /**
   * Runs statements that return nothing.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`, `home_locked`. Mistakes in the SQL and
   * violated constraints are thrown as SQLite's own error.
   */
  exec(sql: string): void {
    this.#translating(() => this.#connection.exec(sql));
  }

  prepare<Row = Record<never, never>>(sql: string): Statement<Row> {
    const statement = this.#translating(() => this.#connection.prepare(sql));
    return new PreparedStatement<Row>(this.path, statement);
  }

  /** Opens a transaction that holds the write lock from its start. Waits up to 5 s for other writers. */
  begin(): void {
    this.exec('BEGIN IMMEDIATE');
  }

  /** Opens one if nobody else writes, and returns whether it did. */
  beginAtOnce(): boolean {
    try {
      this.#withoutWaiting('BEGIN IMMEDIATE');
      return true;
    } catch (error) {
      if (error instanceof ArchiveError && error.code === 'home_locked') return false;
      throw error;
    }
  }

  /** Ends the transaction; when it returns, everything in it survives a crash and a power cut. */
  commit(): void {
    this.exec('COMMIT');
    if (this.#foldAt === undefined) return;
    const size = statSync(`${this.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.#foldAt) return;
    this.foldBack();
    // If a reader still needs the log, it grows as much again before the next attempt.
    const left = statSync(`${this.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    this.#foldAt = left + FOLD_BYTES;
  }

  /** Undoes the transaction, if there still is one. */
  rollback(): void {
    if (this.inTransaction) this.exec('ROLLBACK');
  }

  /**
   * Copies the database as one moment sees it, page by page, into a file that must not exist; others
   * may write meanwhile. Not durable: sync the file.
   *
   * @throws {ArchiveError} `disk_full`, `home_corrupt`.
   */
  async copyTo(path: string): Promise<void> {
    try {
      await backup(this.#connection, path, { rate: PAGES_AT_ONCE });
    } catch (error) {
      throw toArchiveError(path, error);
    }
  }

  /** Closes the file; an open transaction is undone. Closing twice does nothing. */
  close(): void {
    if (!this.#connection.isOpen) return;
    if (this.#foldAt !== undefined) {
      this.rollback();
      this.foldBack();
    }
    this.#connection.close();
  }

  /**
   * Keeps a sum of every page in a file beside this one from now on, by which `verify` tells that
   * not a bit has changed. Called once, by `openDatabase`.
   */
  keepPageSums(): void {
    this.#foldAt = FOLD_BYTES;
    this.exec('PRAGMA wal_autocheckpoint=0');
    this.foldBack();
    sumPages(this.path);
  }

  /**
   * Folds the log back into the file and empties it, so that nothing overwritten is left in it. What fails
   * here has lost nothing: the log stays, as it does while somebody reads an older moment from it.
   */
  foldBack(): void {
    noteLoggedPages(this.path);
    try {
      // Without waiting for readers: they may be threads of this process.
      this.#withoutWaiting('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // A statement that is being read, or a disk without room.
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #withoutWaiting(sql: string): void {
    try {
      this.exec(`PRAGMA busy_timeout=0; ${sql}`);
    } finally {
      this.#connection.exec(`PRAGMA busy_timeout=${BUSY_TIMEOUT_MS}`);
    }
  }

  #translating<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw toArchiveError(this.path, error);
    }
  }
}

class PreparedStatement<Row> implements Statement<Row> {
  readonly #path: string;
  readonly #statement: StatementSync;

  constructor(path: string, statement: StatementSync) {
    this.#path = path;
    this.#statement = statement;
  }

  get(...parameters: SqlParameters): Row | undefined {
    try {
      // The SQL decides the columns and its author wrote Row beside it; SQLite cannot say more.
      return this.#statement.get(...toBindings(parameters)) as Row | undefined;
    } catch (error) {
      throw toArchiveError(this.#path, error);
    }
  }

  all(...parameters: SqlParameters): Row[] {
    try {
      // As in `get`.
      return this.#statement.all(...toBindings(parameters)) as Row[];
    } catch (error) {
      throw toArchiveError(this.#path, error);
    }
  }

  *iterate(...parameters: SqlParameters): IterableIterator<Row> {
    try {
      // As in `get`.
      yield* this.#statement.iterate(...toBindings(parameters)) as Iterable<Row>;
    } catch (error) {
      throw toArchiveError(this.#path, error);
    }
  }

  run(...parameters: SqlParameters): { readonly changes: number; readonly lastRowId: number } {
    try {
      const { changes, lastInsertRowid } = this.#statement.run(...toBindings(parameters));
      return { changes: Number(changes), lastRowId: Number(lastInsertRowid) };
    } catch (error) {
      throw toArchiveError(this.#path, error);
    }
  }
}

/** The library has one overload for positional and one for named values; a tuple fits only this one. */
function toBindings(parameters: SqlParameters): SqlValue[] {
  return parameters as SqlValue[];
}
