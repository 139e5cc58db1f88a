import type { Cid } from '../../core/cid.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';

/** Answers which releases hold assets. */
export class ReleaseReader {
  readonly #releases: Query<{ release: Cid }>;

  constructor(db: Database) {
    this.#releases = db.prepare(
      `SELECT DISTINCT json_extract(body, '$.release') AS release FROM assets
       JOIN members ON members.asset = assets.id
       JOIN statements ON statements.subject_set = members.subject_set
       WHERE cid = ? AND kind = 'release' ORDER BY statements.id`,
    );
  }

  /** Returns the releases that an asset is in. */
  releasesWith(asset: Cid): readonly Cid[] {
    return this.#releases.all(asset).map(({ release }) => release);
  }
}
