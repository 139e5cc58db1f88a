import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { ArchiveError } from '../../core/errors.ts';
import type { Database } from '../../sqlite/database.ts';
import { openDatabase } from '../../sqlite/open-database.ts';
import type { SourceLedger } from '../projecting/source-ledger.ts';
import { LAYOUT, SCHEMA } from './schema.ts';
import { isSound } from './soundness.ts';

/**
 * Files up to this size are checked through when they are opened, which takes a tenth of a second at
 * most. Damage in a larger one is met when it is read.
 */
const CHECKED_BYTES = 16 * 1024 * 1024;

/** What a file is a projection of. Where it differs, the file is of no use. */
interface Identity {
  /** The number and the digest of the schema that it was made by. */
  readonly layout: string;
  readonly ledger: string;
  readonly organisation: string;
  /** The trust lists, on which decision classes depend: vetted institutions, signers of credentials. */
  readonly trust: string;
}

/**
 * Opens the catalog file for writing. One that is missing, damaged, of another layout or of another
 * ledger is replaced by an empty one, and `onNotice` is told why: nothing is true only there.
 *
 * @throws {ArchiveError} `disk_full`, `home_locked`, `filesystem_unsuitable`; `home_corrupt` if the
 * folder cannot be written.
 */
export function openCatalogFile(
  path: string,
  ledger: SourceLedger,
  onNotice: (text: string) => void,
): Database {
  if (existsSync(path)) {
    const opened = tryOpen(path, ledger);
    if ('db' in opened) return opened.db;
    onNotice(`the catalog ${path} ${opened.why}; it is built again from the ledger`);
  }
  removeCatalogFile(path);
  return create(path, ledger);
}

/** Opens a second connection, which sees what has been committed and nothing else. */
export function openForReading(path: string): Database {
  const db = openDatabase(path, { migrations: [SCHEMA], readOnly: true });
  db.exec('PRAGMA cache_size=-65536');
  return db;
}

/** Removes the file, and then what SQLite keeps beside it. */
export function removeCatalogFile(path: string): void {
  for (const name of [path, `${path}-wal`, `${path}-shm`]) rmSync(name, { force: true });
}

/**
 * Puts a closed file in the place of another that nobody has open. Whenever this is interrupted,
 * there is the old file, the new one, or none, which is then built again.
 */
export function replaceCatalogFile(path: string, by: string): void {
  // Opening and closing folds the log into the file. A log that stays belongs to a damaged file, and
  // must not be there when another file takes the name.
  if (existsSync(path)) tryConnect(path)?.close();
  if (existsSync(`${path}-wal`)) removeCatalogFile(path);
  renameSync(by, path);
}

/** Says whether the file still is what this ledger says now. */
export function isOf(db: Database, ledger: SourceLedger): boolean {
  const found = db
    .prepare<Identity & { tables: string }>(
      'SELECT layout, ledger, organisation, trust, tables FROM state',
    )
    .get();
  const wanted = identityOf(ledger);
  return (
    found?.layout === wanted.layout &&
    found.ledger === wanted.ledger &&
    found.organisation === wanted.organisation &&
    found.trust === wanted.trust &&
    found.tables === tablesOf(db)
  );
}

function tryOpen(
  path: string,
  ledger: SourceLedger,
): { readonly db: Database } | { readonly why: string } {
  const db = tryConnect(path);
  if (db === undefined) return { why: 'is damaged, or was written by another version' };
  const why = problemOf(db, ledger);
  if (why === undefined) return { db };
  db.close();
  return { why };
}

/** Returns undefined for a file that SQLite, or this version, can make nothing of. */
function tryConnect(path: string): Database | undefined {
  try {
    return connect(path);
  } catch (error) {
    const isUseless =
      error instanceof ArchiveError &&
      (error.code === 'home_newer' || error.code === 'home_corrupt');
    // Somebody else's tables are in it: the schema cannot be made there.
    if (isUseless || isSqlError(error)) return undefined;
    throw error;
  }
}

function problemOf(db: Database, ledger: SourceLedger): string | undefined {
  if (statSync(db.path).size <= CHECKED_BYTES && !isSound(db)) return 'is damaged';
  try {
    return isOf(db, ledger) ? undefined : 'was made by another version or of another ledger';
  } catch (error) {
    if (isSqlError(error)) return 'holds other tables';
    throw error;
  }
}

/** An error in what was asked of SQLite: a table is not what it should be. */
function isSqlError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error;
}

function create(path: string, ledger: SourceLedger): Database {
  const db = connect(path);
  try {
    const { layout, ledger: address, organisation, trust } = identityOf(ledger);
    db.prepare(
      `INSERT INTO state (one, layout, tables, ledger, organisation, trust, next, settled, last, late)
       VALUES (1, ?, ?, ?, ?, ?, 0, ?, '', ?)`,
    ).run(
      ...[layout, tablesOf(db), address, organisation, trust],
      ...[ledger.size(), ledger.lateRecordCount()],
    );
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * A crash may lose the last commits, never the file's consistency; they are projected again then.
 * What is deleted is overwritten, so that erased words are gone from the file. The log is folded into
 * the file every 16 MiB, a piece of work that keeps nobody waiting for long.
 */
function connect(path: string): Database {
  const db = openDatabase(path, { migrations: [SCHEMA] });
  db.exec('PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4096; PRAGMA cache_size=-65536');
  return db;
}

function identityOf(ledger: SourceLedger): Identity {
  const institutions = ledger
    .institutions()
    .map(({ id, name, selfVetted }) => [id, name, selfVetted] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    layout: `${LAYOUT} ${digestOf(SCHEMA)}`,
    ledger: ledger.address,
    organisation: ledger.self.organisation,
    trust: JSON.stringify([institutions, ledger.credentialList()?.cid ?? null]),
  };
}

/** Returns the digest of the tables and indexes that are in the file. */
function tablesOf(db: Database): string {
  const rows = db.prepare<{ sql: string }>(
    'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name',
  );
  return digestOf(
    rows
      .all()
      .map(({ sql }) => sql)
      .join(';'),
  );
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
