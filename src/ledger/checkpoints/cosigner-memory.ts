import type { CosignerMemory, SeenTree, Split } from '../../core/ports/cosigner-memory.ts';
import type { Database } from '../../sqlite/database.ts';
import { type Migration, openDatabase } from '../../sqlite/open-database.ts';

const MIGRATIONS: readonly Migration[] = [
  `
  -- The newest tree of each origin that this home has cosigned.
  CREATE TABLE seen (
    origin TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Signed notes of one origin that contradict each other.
  CREATE TABLE splits (
    origin TEXT NOT NULL,
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (origin, one, other)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** What this home has cosigned, in `witness.db`. A file of its own: it speaks of others' trees. */
export class SqliteCosignerMemory implements CosignerMemory, Disposable {
  readonly #db: Database;
  readonly #latest;
  readonly #insert;
  readonly #update;
  readonly #keep;
  readonly #splits;

  private constructor(db: Database) {
    this.#db = db;
    this.#latest = db.prepare<SeenTree>('SELECT size, root, note FROM seen WHERE origin = ?');
    this.#insert = db.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)');
    this.#update = db.prepare(
      `UPDATE seen SET size = :size, root = :root, note = :note
       WHERE origin = :origin AND size = :oldSize`,
    );
    this.#keep = db.prepare('INSERT OR IGNORE INTO splits VALUES (?, ?, ?)');
    this.#splits = db.prepare<{ origin: string; one: string; other: string }>(
      'SELECT origin, one, other FROM splits ORDER BY origin, one, other',
    );
  }

  /** Opens the file and makes it if it is missing; the caller disposes it. @throws as `openDatabase`. */
  static open(path: string): SqliteCosignerMemory {
    const db = openDatabase(path, { migrations: MIGRATIONS });
    try {
      return new SqliteCosignerMemory(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Copies the file as one moment sees it, while it may be in use. @throws as `Database.copyTo`. */
  static async copy(from: string, to: string): Promise<void> {
    using db = openDatabase(from, { migrations: MIGRATIONS });
    await db.copyTo(to);
  }

  latest(origin: string): SeenTree | undefined {
    return this.#latest.get(origin);
  }

  advance(origin: string, oldSize: number, { size, root, note }: SeenTree): boolean {
    const isNew = this.#latest.get(origin) === undefined;
    const { changes } =
      isNew && oldSize === 0
        ? this.#insert.run(origin, size, root, note)
        : this.#update.run({ origin, oldSize, size, root, note });
    return changes === 1;
  }

  keepSplit(origin: string, one: string, other: string): void {
    this.#keep.run(origin, one, other);
  }

  splits(): readonly Split[] {
    return this.#splits.all().map(({ origin, one, other }) => ({ origin, notes: [one, other] }));
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}
