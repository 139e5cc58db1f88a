import { hostname } from 'node:os';
import { join } from 'node:path';
import { ArchiveError } from '../core/errors.ts';
import { openDatabase } from './open-database.ts';
import { transaction } from './transaction.ts';

const migrations = [
  `CREATE TABLE owner (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     pid INTEGER NOT NULL,
     started TEXT NOT NULL,
     host TEXT NOT NULL
   ) STRICT`,
];

interface Owner {
  readonly pid: number;
  /** When the process started, ISO 8601. */
  readonly started: string;
  readonly host: string;
}

/**
 * Makes this process the owner of the folder until the lock is disposed or the process ends.
 *
 * The lock is the write lock of a small database `owner.db` in the folder. The operating system
 * drops it when the process dies, however it dies, so there is no stale lock to take over, no
 * process number that may have been given to somebody else, and it holds between containers that
 * see each other's processes under other numbers. It also holds within one process.
 *
 * @throws {ArchiveError} `home_locked`, naming the owner's process and start; and as `openDatabase`.
 */
export function acquireOwnerLock(folder: string): Disposable {
  const db = openDatabase(join(folder, 'owner.db'), { migrations });
  try {
    db.exec('PRAGMA busy_timeout=0');
    transaction(db, () => {
      const { pid, started, host } = thisProcess();
      db.prepare('INSERT OR REPLACE INTO owner VALUES (1, ?, ?, ?)').run(pid, started, host);
    });
    // Held open: others can read who the owner is, but not write.
    db.begin();
    return db;
  } catch (error) {
    const isLocked = error instanceof ArchiveError && error.code === 'home_locked';
    const owner = isLocked ? db.prepare<Owner>('SELECT pid, started, host FROM owner').get() : null;
    db.close();
    if (owner === null) throw error;
    throw new ArchiveError('home_locked', `${folder} is in use by ${describe(owner)}`, {
      cause: error,
      retryable: true,
    });
  }
}

function thisProcess(): Owner {
  const started = new Date(Date.now() - process.uptime() * 1000).toISOString();
  return { pid: process.pid, started, host: hostname() };
}

function describe(owner: Owner | undefined): string {
  if (owner === undefined) return 'another process that is just starting; try again';
  const { pid, started, host } = owner;
  return `process ${pid} on ${host}, started ${started}; end it, or use the archive through it`;
}
