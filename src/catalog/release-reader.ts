import type { Cid } from '../core/cid.ts';
import type { LapsedMember } from '../core/ports/catalog.ts';
import type { Database, Statement as Query } from '../sqlite/database.ts';
import type { Asked, Verdicts } from './verdicts.ts';

/** Answers what became of the assets of releases. */
export class ReleaseReader {
  readonly #verdicts: Verdicts;
  readonly #lapsed: Query<{ cid: Cid; class: number | null; status: string | null }>;
  readonly #releases: Query<{ release: Cid }>;

  constructor(db: Database, verdicts: Verdicts) {
    this.#verdicts = verdicts;
    this.#lapsed = db.prepare(
      `SELECT DISTINCT cid, class, status FROM statements
       JOIN members ON members.subject_set = statements.subject_set
       JOIN assets ON assets.id = members.asset
       WHERE kind = 'release' AND json_extract(body, '$.release') = ?
         AND (status IS NOT 'deposited' OR class IS NULL
           OR class NOT IN (SELECT value FROM json_each(?)))
       ORDER BY cid`,
    );
    this.#releases = db.prepare(
      `SELECT DISTINCT json_extract(body, '$.release') AS release FROM assets
       JOIN members ON members.asset = assets.id
       JOIN statements ON statements.subject_set = members.subject_set
       WHERE cid = ? AND kind = 'release' ORDER BY statements.id`,
    );
  }

  /** Returns the members of a release that no release could take now, sorted by CID. */
  lapsed(release: Cid, asked: Asked): readonly LapsedMember[] {
    const answers = this.#verdicts.answer(asked);
    const eligible = [...answers].filter(([, { verdict }]) => verdict === 'eligible');
    const rows = this.#lapsed.all(release, JSON.stringify(eligible.map(([id]) => id)));
    return rows.map(({ cid: asset, class: id, status }) => {
      const answer = id === null ? undefined : answers.get(id);
      const reason = status === 'withdrawn' ? 'E_WITHDRAWN' : 'E_UNKNOWN';
      return { asset, reason: answer?.headline?.code ?? reason, isRemoved: status === 'removed' };
    });
  }

  /** Returns the releases that an asset is in. */
  releasesWith(asset: Cid): readonly Cid[] {
    return this.#releases.all(asset).map(({ release }) => release);
  }
}
