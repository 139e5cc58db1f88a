import type { Cid } from '../../core/cid.ts';
import type { LapsedMember } from '../../core/ports/release-candidates.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { OF_INDEXED_KIND } from '../file/schema.ts';
import type { Asked, Verdicts } from '../verdicts.ts';

/** Members that are looked at in one go; some 5 ms. */
const PAGE = 4096;

interface LapsedRow {
  readonly cid: Cid;
  readonly class: number | null;
  readonly status: string | null;
}

/** Answers what became of the assets of releases. */
export class ReleaseReader {
  readonly #verdicts: Verdicts;
  readonly #sets: Query<{ id: number }>;
  readonly #pageEnds: Query<{ id: number }>;
  readonly #lapsedRows: Query<LapsedRow>;
  readonly #releases: Query<{ release: Cid }>;

  constructor(db: Database, verdicts: Verdicts) {
    this.#verdicts = verdicts;
    this.#sets = db.prepare(
      `SELECT DISTINCT subject_set AS id FROM statements INDEXED BY statements_by_kind
       WHERE kind = 'release' AND ${OF_INDEXED_KIND}
       AND json_extract(body, '$.release') = ? AND +subject_set IS NOT NULL`,
    );
    this.#pageEnds = db.prepare(
      `SELECT asset AS id FROM members WHERE subject_set = ? AND asset > ?
       ORDER BY asset LIMIT 1 OFFSET ${PAGE - 1}`,
    );
    // Nearly all are as they were: the others alone are rows.
    this.#lapsedRows = db.prepare(
      `SELECT cid, class, status FROM members CROSS JOIN assets ON id = asset
       WHERE subject_set = ? AND asset > ? AND asset <= ? AND (status IS NOT 'deposited'
         OR class IS NULL OR class NOT IN (SELECT value FROM json_each(?)))
       ORDER BY asset`,
    );
    this.#releases = db.prepare(
      `SELECT DISTINCT json_extract(body, '$.release') AS release FROM assets
       JOIN members ON members.asset = assets.id
       JOIN statements ON statements.subject_set = members.subject_set
       WHERE cid = ? AND kind = 'release' ORDER BY statements.id`,
    );
  }

  /**
   * Yields the members of a release that no release could take now, a page of members at a time. Each page is of the
   * moment at which it is asked for.
   */
  *lapsed(release: Cid, asked: Asked): Generator<readonly LapsedMember[], void> {
    for (const { id: set } of this.#sets.all(release)) {
      for (let after: number | undefined = 0; after !== undefined; ) {
        const last: number | undefined = this.#pageEnds.get(set, after)?.id;
        yield this.#lapsed(set, after, last ?? Number.MAX_SAFE_INTEGER, asked);
        after = last;
      }
    }
  }

  /** Returns the releases that an asset is in. */
  releasesWith(asset: Cid): readonly Cid[] {
    return this.#releases.all(asset).map(({ release }) => release);
  }

  #lapsed(set: number, after: number, last: number, asked: Asked): readonly LapsedMember[] {
    const answers = this.#verdicts.answer(asked);
    const eligible: number[] = [];
    for (const [id, { verdict }] of answers) if (verdict === 'eligible') eligible.push(id);
    const rows = this.#lapsedRows.all(set, after, last, JSON.stringify(eligible));
    return rows.map(({ cid: asset, class: id, status }) => {
      const { headline } = (id === null ? undefined : answers.get(id)) ?? {};
      const reason = status === 'withdrawn' ? 'E_WITHDRAWN' : 'E_UNKNOWN';
      return { asset, reason: headline?.code ?? reason, isRemoved: status === 'removed' };
    });
  }
}
