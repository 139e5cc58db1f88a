import { createHash } from 'node:crypto';
import { decisionKey } from '../../core/policy/abstraction/abstract-facts.ts';
import type { DecisionInput } from '../../core/policy/input.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';

/** Class numbers that are kept in memory; a catalog rarely has more classes. */
const CACHE_SIZE = 16_384;

/** The rows of `classes`. A class without assets stays, so that numbers depend on entries alone. */
export class ClassRows {
  readonly #find: Query<{ id: number }>;
  readonly #add: Query<never>;
  readonly #ids = new Map<string, number>();

  constructor(db: Database) {
    this.#find = db.prepare('SELECT id FROM classes WHERE key = ?');
    this.#add = db.prepare('INSERT INTO classes (key, input, assets) VALUES (?, ?, 0)');
  }

  idOf(input: DecisionInput): number {
    const text = decisionKey(input);
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const key = classKey(text);
    const id = this.#find.get(key)?.id ?? this.#add.run(key, text).lastRowId;
    if (this.#ids.size >= CACHE_SIZE) this.#ids.clear();
    this.#ids.set(text, id);
    return id;
  }

  /** To be called when a transaction was undone. */
  forget(): void {
    this.#ids.clear();
  }
}

/** Returns the key of a class: the digest of its input's text. */
export function classKey(input: string): string {
  return createHash('sha256').update(input).digest('hex');
}
