import type { Purpose } from '../../core/policy/purposes.ts';
import type { ReleaseCandidate } from '../../core/ports/release-candidates.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { type StoredWords, sumOf } from '../file/check-sums.ts';
import { CatalogDamagedError, parseStored } from '../file/damage.ts';
import type { AssetRow } from '../reading/asset-reader.ts';
import type { FactReader } from './fact-reader.ts';

type Size = Pick<ReleaseCandidate, 'width' | 'height'>;

/** The inspector that tells the size of pictures. */
const TELLS_SIZE = 'format';

/** Answers what a release tells of an asset beside words, without all that stands about it. */
export class ReleaseFacts {
  readonly #facts: FactReader;
  readonly #findings: Query<StoredWords & { readonly sum: number }>;
  readonly #hasConsent: Query<{ n: number }>;

  constructor(db: Database, facts: FactReader) {
    this.#facts = facts;
    this.#findings = db.prepare(
      `SELECT kind, at, carried, body, sum FROM statements
       JOIN entries ON entries.id = entry
       WHERE asset = ? AND +kind = 'finding' ORDER BY clock, hash, place`,
    );
    this.#hasConsent = db.prepare(
      `SELECT 1 AS n FROM statements WHERE asset = ?1 AND +kind = 'consent'
       UNION ALL
       SELECT 1 FROM members CROSS JOIN statements ON statements.subject_set = members.subject_set
       WHERE members.asset = ?1 AND +kind = 'consent' LIMIT 1`,
    );
  }

  /** Returns the size of a picture, by the newest finding of the greatest version; 0 where none tells it. */
  size({ id, cid, media }: AssetRow): Size {
    let told: Size = { width: 0, height: 0 };
    if (!media.startsWith('image/')) return told;
    let newest = -1;
    for (const words of this.#findings.all(id)) {
      if (sumOf(words) !== words.sum) {
        throw new CatalogDamagedError(`a finding about ${cid} is not what was stored`);
      }
      // Only bodies that were read by the schema of `finding` are stored under that kind.
      const { findings } = parseStored(words.body, 'a finding') as BodyOf<'finding'>;
      for (const { inspector, version, facts } of findings) {
        if (inspector !== TELLS_SIZE || version < newest) continue;
        newest = version;
        told = { width: pixels(facts['width']), height: pixels(facts['height']) };
      }
    }
    return told;
  }

  /** Returns the standing consents that allow a purpose, on a condition or without; all that stands is read where there is any at all. */
  consents(row: AssetRow, purpose: Purpose): ReleaseCandidate['consents'] {
    if (this.#hasConsent.get(row.id) === undefined) return [];
    return factsOf(this.#facts.facts(row), 'consent')
      .filter(({ body }) => (body.purposes[purpose] ?? 'deny') !== 'deny')
      .map(({ id }) => id);
  }
}

/** Others find things as well, and what they say is what they say. */
function pixels(value: unknown): number {
  const isUsable = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 0x7fff_ffff;
  return isUsable ? Number(value) : 0;
}
