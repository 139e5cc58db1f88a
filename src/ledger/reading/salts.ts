import { equalBytes } from '../../core/hash.ts';
import type { RandomBytes } from '../../core/ports/environment.ts';
import type { Database } from '../../sqlite/database.ts';
import { damaged } from '../damaged.ts';
import { sha256 } from '../sha256.ts';

export type SaltSort = 'maker' | 'collection' | 'item';

interface PendingSalt {
  readonly sort: SaltSort;
  readonly name: string;
  readonly salt: Uint8Array;
}

/** A name with the salt under which a statement commits to it. */
export interface NamedSalt {
  readonly name: string;
  readonly salt: Uint8Array;
}

/** Salts kept in memory; beyond that they are read again. */
const CACHE_SIZE = 4096;

/** The salts under which this home commits to names. New ones wait here for the next append. */
export class Salts {
  readonly #randomBytes: RandomBytes;
  readonly #db: Database;
  readonly #select;
  readonly #insert;
  readonly #delete;
  readonly #known = new Map<string, Uint8Array>();
  #pending = new Map<string, PendingSalt>();

  constructor(db: Database, randomBytes: RandomBytes) {
    this.#randomBytes = randomBytes;
    this.#select = db.prepare<{ salt: Uint8Array; seal: Uint8Array }>(
      'SELECT salt, seal FROM salts WHERE sort = ? AND name = ?',
    );
    this.#insert = db.prepare('INSERT INTO salts VALUES (?, ?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM salts WHERE name = ? AND salt = ?');
    this.#db = db;
  }

  /** Returns the salt for a name; makes one the first time. @throws {ArchiveError} `home_corrupt`. */
  salt(sort: SaltSort, name: string): Uint8Array {
    const key = `${sort}/${name}`;
    const known = this.#known.get(key) ?? this.#pending.get(key)?.salt;
    if (known !== undefined) return known;
    const stored = this.#select.get(sort, name);
    if (stored !== undefined) {
      if (!isSealed(sort, name, stored)) throw damaged(`the salt of a ${sort} is not as it was`);
      if (this.#known.size >= CACHE_SIZE) this.#known.clear();
      this.#known.set(key, stored.salt);
      return stored.salt;
    }
    const salt = this.#randomBytes(16);
    this.#pending.set(key, { sort, name, salt });
    return salt;
  }

  /** Writes the new salts within the caller's transaction; `settle` is called once it is committed. */
  write(): { readonly settle: () => void } {
    const written = this.#pending;
    for (const { sort, name, salt } of written.values()) {
      this.#insert.run(sort, name, salt, seal(sort, name, salt));
    }
    return {
      settle: () => {
        this.#pending = new Map();
      },
    };
  }

  /**
   * Removes names with their salts within the caller's transaction; `settle` is called once it is
   * committed. The table is emptied and written anew: rows lie in the order of names, so pages were split,
   * and what was left of them by that is not overwritten when a row is deleted.
   */
  remove(named: readonly NamedSalt[]): { readonly settle: () => void } {
    let removed = 0;
    for (const { name, salt } of named) removed += this.#delete.run(name, salt).changes;
    if (removed > 0) {
      this.#db.exec(`
        CREATE TEMP TABLE kept AS SELECT * FROM salts;
        DELETE FROM salts;
        INSERT INTO salts SELECT * FROM kept ORDER BY sort, name;
        DROP TABLE temp.kept;`);
    }
    return { settle: () => this.#known.clear() };
  }
}

/** Says whether a stored salt is the one that was written. */
export function isSealed(
  sort: string,
  name: string,
  row: { readonly salt: Uint8Array; readonly seal: Uint8Array },
): boolean {
  return equalBytes(seal(sort, name, row.salt), row.seal);
}

function seal(sort: string, name: string, salt: Uint8Array): Uint8Array {
  const words = new TextEncoder().encode(JSON.stringify([sort, name]));
  const bytes = new Uint8Array(salt.length + words.length);
  bytes.set(salt);
  bytes.set(words, salt.length);
  return sha256(bytes);
}
