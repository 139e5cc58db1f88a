import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { CopyOutline } from '../../core/ports/replica-wants.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';

const ASKED = `asked AS (
  SELECT assets.id, assets.cid FROM json_each(?1) AS given
  CROSS JOIN assets ON assets.cid = given.value AND assets.status IS NOT NULL)`;

/** Answers for many assets at once what was said of a node's copies, without reading all that stands of each. */
export class CopyReader {
  readonly #said: Query<{ cid: Cid; shown: 0 | 1; refused: 0 | 1 }>;
  readonly #collections: Query<{ cid: Cid; salted: string }>;

  constructor(db: Database) {
    // What `lastProof` (src/core/sharing) looks at: deposits, challenges, and the node's own checks.
    this.#said = db.prepare(
      `WITH ${ASKED}, said AS (
         SELECT asked.cid, kind, voice, body FROM asked
         CROSS JOIN statements ON statements.asset = asked.id
         WHERE kind IN ('deposit', 'holding', 'fixity')
         UNION ALL
         SELECT asked.cid, kind, voice, body FROM asked
         CROSS JOIN members ON members.asset = asked.id
         CROSS JOIN statements ON statements.subject_set = members.subject_set
         WHERE kind IN ('deposit', 'holding', 'fixity')),
       spoken AS (
         SELECT cid, kind, author = ?2 AS own,
           CASE kind WHEN 'deposit' THEN '' ELSE json_extract(body, '$.outcome') END AS outcome,
           CASE kind WHEN 'holding' THEN json_extract(body, '$.holder') = ?2 ELSE 0 END AS held
         FROM said JOIN voices ON voices.id = voice)
       SELECT cid,
         max((kind = 'deposit' AND own) OR (held AND NOT own AND outcome = 'proven')) AS shown,
         max((held AND outcome <> 'proven') OR
             (kind = 'fixity' AND own AND outcome NOT IN ('intact', 'repaired'))) AS refused
       FROM spoken GROUP BY cid`,
    );
    this.#collections = db.prepare(
      `WITH ${ASKED}
       SELECT DISTINCT asked.cid, salted FROM asked
       CROSS JOIN deposits ON deposits.asset = asked.id
       JOIN collections ON collections.id = deposits.collection`,
    );
  }

  copies(node: Did, assets: readonly Cid[]): ReadonlyMap<Cid, CopyOutline> {
    const asked = JSON.stringify(assets);
    const inCollections = Map.groupBy(this.#collections.all(asked), ({ cid }) => cid);
    const said = new Map(this.#said.all(asked, node).map((row) => [row.cid, row]));
    return new Map(
      assets.map((cid) => {
        const { shown = 0, refused = 0 } = said.get(cid) ?? {};
        const collections = (inCollections.get(cid) ?? []).map(({ salted }) => salted);
        const word = refused === 1 ? 'refused' : shown === 1 ? 'shown' : 'nothing';
        return [cid, { collections, said: word }];
      }),
    );
  }
}
