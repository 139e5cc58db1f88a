import type { Database, Statement as Query } from '../sqlite/database.ts';
import { WORDS } from './schema.ts';
import type { Words } from './words.ts';

/**
 * Says which of a few assets have the words, by a full-text index of just these, in memory. The
 * index of all assets finds the n-th asset with a common word by going past all before it.
 */
export class WordMatcher {
  readonly #db: Database;
  readonly #empty: Query<never>;
  readonly #add: Query<never>;
  readonly #match: Query<{ id: number }>;

  constructor(db: Database) {
    this.#db = db;
    db.exec(`PRAGMA temp_store=MEMORY; CREATE VIRTUAL TABLE temp.few USING fts5 (${WORDS})`);
    this.#empty = db.prepare(`INSERT INTO few (few) VALUES ('delete-all')`);
    this.#add = db.prepare(
      'INSERT INTO few (rowid, title, makers, filename, tags, notes) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#match = db.prepare('SELECT rowid AS id FROM few WHERE few MATCH ?');
  }

  matching(query: string, assets: readonly (readonly [id: number, words: Words])[]): Set<number> {
    // A savepoint, since the connection may be reading in a transaction of its own.
    this.#db.exec('SAVEPOINT few');
    try {
      for (const [id, words] of assets) this.#add.run(id, ...words);
      return new Set(this.#match.all(query).map(({ id }) => id));
    } finally {
      this.#empty.run();
      this.#db.exec('RELEASE few');
    }
  }
}
