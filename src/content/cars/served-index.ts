import { z } from 'zod';
import type { ServedDag } from '../../core/ports/served-dags.ts';
import type { Database, Statement } from '../../sqlite/database.ts';
import { type Migration, openDatabase } from '../../sqlite/open-database.ts';
import { asyncTransaction, transaction } from '../../sqlite/transaction.ts';

/** Where a block lies. */
export interface ServedBlock {
  readonly car: string;
  readonly offset: number;
  readonly length: number;
}

const MIGRATIONS: readonly Migration[] = [
  `CREATE TABLE cars (
     id TEXT PRIMARY KEY,
     roots TEXT NOT NULL,
     bytes INTEGER NOT NULL,
     blocks INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE blocks (
     digest BLOB NOT NULL,
     car TEXT NOT NULL,
     offset INTEGER NOT NULL,
     length INTEGER NOT NULL,
     PRIMARY KEY (digest, car, offset)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX blocks_by_car ON blocks (car);`,
];

const names = z.array(z.string());

/** Which served file has which block. Everything in it can be read from the files again. */
export class ServedIndex implements Disposable {
  readonly #db: Database;
  readonly #find: Statement<ServedBlock>;

  private constructor(db: Database) {
    this.#db = db;
    this.#find = db.prepare('SELECT car, offset, length FROM blocks WHERE digest = ? LIMIT 1');
  }

  static open(path: string): ServedIndex {
    return new ServedIndex(openDatabase(path, { migrations: MIGRATIONS }));
  }

  find(digest: Uint8Array): ServedBlock | undefined {
    return this.#find.get(digest);
  }

  car(id: string): ServedDag | undefined {
    return this.cars().find((one) => one.id === id);
  }

  cars(): readonly ServedDag[] {
    const rows = this.#db
      .prepare<Omit<ServedDag, 'roots'> & { roots: string }>('SELECT * FROM cars ORDER BY id')
      .all();
    return rows.map(({ roots, ...row }) => ({ ...row, roots: names.parse(JSON.parse(roots)) }));
  }

  /** Records a file and its blocks, all or nothing. */
  async record(
    car: Omit<ServedDag, 'blocks'>,
    blocks: AsyncIterable<Omit<ServedBlock, 'car'> & { readonly digest: Uint8Array }>,
  ): Promise<ServedDag> {
    return asyncTransaction(this.#db, async () => {
      const add = this.#db.prepare('INSERT OR IGNORE INTO blocks VALUES (?, ?, ?, ?)');
      let count = 0;
      for await (const { digest, offset, length } of blocks) {
        add.run(digest, car.id, offset, length);
        count += 1;
      }
      const row = { ...car, blocks: count };
      this.#db
        .prepare('INSERT INTO cars (id, roots, bytes, blocks) VALUES (?, ?, ?, ?)')
        .run(car.id, JSON.stringify(car.roots), car.bytes, count);
      return row;
    });
  }

  forget(id: string): void {
    transaction(this.#db, () => {
      this.#db.prepare('DELETE FROM blocks WHERE car = ?').run(id);
      this.#db.prepare('DELETE FROM cars WHERE id = ?').run(id);
    });
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}
