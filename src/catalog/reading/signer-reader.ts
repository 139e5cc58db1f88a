import type { Did } from '../../core/entries/did-key.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { Condition } from '../listing/condition.ts';
import type { PostingList } from '../listing/posting-lists.ts';

/** Statements of a signer, and the assets that they are about. */
const SIGNED = 'FROM signers JOIN statements ON statements.id = statement WHERE signer = ?';

/** Answers which assets a key has signed declarations or consents about. */
export class SignerReader {
  readonly #any: Query<{ statement: number }>;
  readonly #assets: Query<{ id: number }>;
  readonly #sets: Query<{ id: number }>;
  readonly #members: Query<{ id: number }>;
  readonly #about: Query<{ signer: string }>;

  constructor(db: Database) {
    this.#any = db.prepare('SELECT statement FROM signers WHERE signer = ? LIMIT 1');
    this.#assets = db.prepare(
      `SELECT DISTINCT asset AS id ${SIGNED} AND asset > ? ORDER BY asset LIMIT ?`,
    );
    this.#sets = db.prepare(
      `SELECT DISTINCT subject_set AS id ${SIGNED} AND subject_set IS NOT NULL`,
    );
    this.#members = db.prepare(
      'SELECT asset AS id FROM members WHERE subject_set = ? AND asset > ? ORDER BY asset LIMIT ?',
    );
    // CROSS JOIN keeps the order: an asset is in few sets, while a key may have signed about any number.
    this.#about = db.prepare(
      `SELECT signer FROM
         (SELECT id FROM statements WHERE asset = ?1 UNION ALL
          SELECT id FROM members CROSS JOIN statements USING (subject_set) WHERE members.asset = ?1)
       CROSS JOIN signers ON statement = id WHERE signer = ?2 LIMIT 1`,
    );
  }

  hasSigned(key: Did): boolean {
    return this.#any.get(key) !== undefined;
  }

  hasSignedAbout(key: string, asset: number): boolean {
    return this.#about.get(asset, key) !== undefined;
  }

  /** Holds for the assets that a key has signed about. */
  condition(key: string): Condition {
    const list =
      (query: Query<{ id: number }>, of: string | number): PostingList =>
      (after, limit) =>
        query.all(of, after, limit).map(({ id }) => id);
    const lists = [
      list(this.#assets, key),
      ...this.#sets.all(key).map(({ id }) => list(this.#members, id)),
    ];
    return {
      size: () => ({ assets: 0, isExact: false }),
      lists,
      keep: (some) => some.filter(({ id }) => this.hasSignedAbout(key, id)),
      term: {
        sql: `(id IN (SELECT asset ${SIGNED} AND asset IS NOT NULL)
               OR id IN (SELECT members.asset FROM signers
                         JOIN statements ON statements.id = statement
                         JOIN members ON members.subject_set = statements.subject_set
                         WHERE signer = ?))`,
        values: [key, key],
      },
    };
  }
}
