import { createHash } from 'node:crypto';
import type { Fact } from '../../core/provenance/facts.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';

/**
 * The rows of `works` and `parts`: which work an asset is a part of, by the first of its deposits that says so, and
 * how many parts a work has.
 */
export class WorkRows {
  readonly #find: Query<{ id: number }>;
  readonly #add: Query<never>;
  readonly #of: Query<{ work: number }>;
  readonly #put: Query<never>;
  readonly #step: Query<never>;

  constructor(db: Database) {
    this.#find = db.prepare('SELECT id FROM works WHERE key = ?');
    this.#add = db.prepare('INSERT INTO works (key) VALUES (?)');
    this.#of = db.prepare('SELECT work FROM parts WHERE asset = ?');
    this.#put = db.prepare(
      `INSERT INTO parts (asset, work, part) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET work = excluded.work, part = excluded.part`,
    );
    this.#step = db.prepare('UPDATE works SET parts = parts + ? WHERE id = ?');
  }

  /** Writes what the deposits of an asset say, the first deposit first; what they say never changes. */
  write(asset: number, deposits: readonly Fact<'deposit'>[]): void {
    const naming = deposits.find(({ body }) => body.work !== null);
    if (naming === undefined) return;
    const { work, part } = naming.body;
    const key = workKey(`${naming.organisation} ${work}`);
    const id = this.#find.get(key)?.id ?? this.#add.run(key).lastRowId;
    const before = this.#of.get(asset)?.work;
    this.#put.run(asset, id, part);
    if (before === id) return;
    if (before !== undefined) this.#step.run(-1, before);
    this.#step.run(1, id);
  }
}

/** Nobody can make their assets parts of another organisation's work by giving its id. */
function workKey(named: string): string {
  return createHash('sha256').update(named).digest('hex').slice(0, 32);
}
