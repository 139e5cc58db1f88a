import type { Cid } from '../../core/cid.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { Pacer } from '../pacer.ts';
import type { AssetIds } from './asset-ids.ts';

/** Members that are read at once. */
const PAGE = 512;

/** The rows of `sets` and `members`: which assets a statement about a set speaks of. */
export class SetRows {
  readonly #assets: AssetIds;
  readonly #find: Query<{ id: number }>;
  readonly #add: Query<never>;
  readonly #addMember: Query<never>;
  readonly #addAsset: Query<never>;
  readonly #page: Query<{ asset: number }>;
  readonly #release: Query<never>;
  readonly #reshow: Query<never>;

  constructor(db: Database, assets: AssetIds) {
    this.#assets = assets;
    this.#find = db.prepare('SELECT id FROM sets WHERE cid = ?');
    this.#add = db.prepare('INSERT INTO sets (cid) VALUES (?)');
    this.#addMember = db.prepare('INSERT INTO members (subject_set, asset) VALUES (?, ?)');
    this.#addAsset = db.prepare('INSERT INTO assets (id, cid) VALUES (?, ?)');
    this.#release = db.prepare('INSERT OR IGNORE INTO released (subject_set) VALUES (?)');
    this.#reshow = db.prepare(
      `INSERT OR REPLACE INTO reshown (asset, change)
       SELECT ?1, (SELECT coalesce(max(change), 0) + 1 FROM reshown) WHERE EXISTS
       (SELECT 1 FROM members JOIN released ON released.subject_set = members.subject_set
        WHERE members.asset = ?1)`,
    );
    this.#page = db.prepare(
      'SELECT asset FROM members WHERE subject_set = ? AND asset > ? ORDER BY asset LIMIT ?',
    );
  }

  find(set: Cid): number | undefined {
    return this.#find.get(set)?.id;
  }

  /**
   * Stores a set with its members and returns its number. Members are written in the order of their
   * numbers, which is many times faster than in that of their CIDs.
   */
  async add(set: Cid, members: readonly Cid[], pacer: Pacer): Promise<number> {
    const id = this.#add.run(set).lastRowId;
    const numbers = new Float64Array(members.length);
    for (const [place, member] of members.entries()) {
      numbers[place] = this.#assets.find(member) ?? this.#addBare(member);
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
    }
    numbers.sort();
    for (const asset of numbers) {
      this.#addMember.run(id, asset);
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
    }
    return id;
  }

  /** To be called for a set that a release holds: whoever reads releases is told from then on what changes in it. */
  release(set: number): void {
    this.#release.run(set);
  }

  /** Notes that an asset has changed, if a release holds it. */
  reshow(asset: number): void {
    this.#reshow.run(asset);
  }

  /** Yields the members' numbers, ascending; anything may be written meanwhile. */
  *members(set: number): Iterable<number> {
    for (let last = 0; ; ) {
      const page = this.#page.all(set, last, PAGE);
      for (const { asset } of page) {
        yield asset;
        last = asset;
      }
      if (page.length < PAGE) return;
    }
  }

  /** A member that no statement has named yet. */
  #addBare(member: Cid): number {
    const id = this.#assets.add(member);
    this.#addAsset.run(id, member);
    this.#assets.settle(member);
    return id;
  }
}
