import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ArchiveError } from '../core/errors.ts';
import { BUSY_TIMEOUT_MS, Database } from './database.ts';
import { assertLocalFileSystem } from './local-file-system.ts';
import { allocateSharedIndex, assertRoomForIndex } from './shared-index.ts';
import { toArchiveError } from './sqlite-error.ts';
import { transaction } from './transaction.ts';

/** 128 MiB of log: batches of some thousand rows run a quarter faster than with the default of 1000. */
const CHECKPOINT_PAGES = 32_768;

/** SQL, or work in code, that lifts a database from the version before. Never edited once released. */
export type Migration = string | ((db: Database) => void);

/**
 * Opens the SQLite file, makes it if it is missing, and brings its schema up to date.
 *
 * The schema's version is the number of migrations applied (`user_version`); each runs in its own
 * transaction together with its number. Readers do not wait for the writer (WAL); commits reach the
 * disk before they return (`synchronous=FULL`).
 *
 * @throws {ArchiveError} `home_newer` if the file has more migrations than this program knows,
 * `home_corrupt` if it is damaged, or read-only and missing, `filesystem_unsuitable` if the folder
 * cannot keep a database safe, `home_locked`, `disk_full`.
 */
export function openDatabase(
  path: string,
  options: {
    readonly migrations: readonly Migration[];
    readonly readOnly?: boolean;
    /** Keeps the sums of its pages beside the file; whoever writes to it must do the same. */
    readonly pageSums?: boolean;
  },
): Database {
  const readOnly = options.readOnly ?? false;
  const db = connect(path, readOnly);
  try {
    if (!readOnly) useWriteAheadLog(db);
    db.exec(
      `PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES};
       PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON;`,
    );
    if (!readOnly) allocateSharedIndex(db);
    migrate(db, options.migrations, readOnly);
    if (options.pageSums && !readOnly) db.keepPageSums();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Returns what `PRAGMA integrity_check` finds wrong in the file's structure; nothing if it is well. */
export function integrityProblems(db: Database): string[] {
  const rows = db.prepare<{ integrity_check: string }>('PRAGMA integrity_check').all();
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}

function connect(path: string, readOnly: boolean): Database {
  try {
    assertLocalFileSystem(dirname(path));
    assertRoomForIndex(path);
    return new Database(path, new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, readOnly }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new ArchiveError('home_corrupt', `${dirname(path)} does not exist; make the folder`, {
        cause: error,
      });
    }
    throw toArchiveError(path, error);
  }
}

function useWriteAheadLog(db: Database): void {
  const mode = db.prepare<{ journal_mode: string }>('PRAGMA journal_mode=WAL').get();
  if (mode?.journal_mode === 'wal') return;
  throw new ArchiveError(
    'filesystem_unsuitable',
    `${db.path} lies on a file system that cannot keep a write-ahead log (no shared memory); ` +
      'put the home on a local disk',
  );
}

function migrate(db: Database, migrations: readonly Migration[], readOnly: boolean): void {
  const version = schemaVersion(db);
  if (version > migrations.length) {
    throw new ArchiveError(
      'home_newer',
      `${db.path} has schema version ${version}, this program knows ${migrations.length}; ` +
        'install the version that wrote it, or a later one',
    );
  }
  if (version === migrations.length) return;
  if (readOnly) {
    throw new ArchiveError(
      'internal',
      `${db.path} has schema version ${version} and is opened read-only; open it for writing first`,
    );
  }
  migrations.forEach((migration, index) => {
    transaction(db, () => {
      // Read again under the write lock: another process may have been first.
      if (index < schemaVersion(db)) return;
      if (typeof migration === 'string') db.exec(migration);
      else migration(db);
      db.exec(`PRAGMA user_version=${index + 1}`);
    });
  });
}

function schemaVersion(db: Database): number {
  return db.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version ?? 0;
}
