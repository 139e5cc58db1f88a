import type {
  FailedRule,
  ReleaseCandidate,
  SelectionFilter,
} from '../../core/ports/release-candidates.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { FactReader } from '../facts/fact-reader.ts';
import { ReleaseFacts } from '../facts/release-facts.ts';
import { CatalogDamagedError, required } from '../file/damage.ts';
import type { AssetReader, AssetRow, AssetWords } from '../reading/asset-reader.ts';
import type { Asked, Verdicts } from '../verdicts.ts';
import { kept } from './condition.ts';
import type { Conditions } from './conditions.ts';
import { isSelected } from './is-selected.ts';

/** CIDs that are read at once. */
const CID_PAGE = 1024;

type ClassVerdict = ReturnType<Verdicts['answerFor']>;

/** Goes through all assets for a release: what it may take, and what is left out. */
export class Selection {
  readonly #assets: AssetReader;
  readonly #facts: ReleaseFacts;
  readonly #conditions: Conditions;
  readonly #verdicts: Verdicts;
  readonly #byCid: Query<{ id: number; cid: string; class: number }>;

  constructor(
    db: Database,
    assets: AssetReader,
    facts: FactReader,
    conditions: Conditions,
    verdicts: Verdicts,
  ) {
    this.#assets = assets;
    this.#facts = new ReleaseFacts(db, facts);
    this.#conditions = conditions;
    this.#verdicts = verdicts;
    this.#byCid = db.prepare(
      `SELECT id, cid, class FROM assets WHERE cid > ? AND class IS NOT NULL
       ORDER BY cid LIMIT ${CID_PAGE}`,
    );
  }

  /** The tables must not change meanwhile. @throws {ArchiveError} `usage_invalid`, `policy_unknown`. */
  *candidates(filter: SelectionFilter, asked: Asked): Generator<ReleaseCandidate> {
    const isEligible = ({ verdict }: ClassVerdict) => verdict === 'eligible';
    for (const { row, words, answer } of this.#selected(filter, asked, isEligible)) {
      const { level, selfVetted, until } = answer;
      yield {
        cid: row.cid,
        size: row.size,
        sha256: row.sha256,
        mediaType: row.media,
        licence: row.licence ?? '',
        ...this.#assets.origin(row, words()),
        ...this.#facts.size(row),
        consents: this.#facts.consents(row, asked.purpose),
        level,
        selfVetted,
        validUntil: until,
      };
    }
  }

  /** Yields why each asset that the filter finds is not let in: the first rule that fails. */
  *leftOut(filter: SelectionFilter, asked: Asked): Generator<FailedRule> {
    const isLeftOut = ({ verdict }: ClassVerdict) => verdict !== 'eligible';
    for (const { answer } of this.#selected(filter, asked, isLeftOut)) {
      yield required(answer.headline, 'the rule that leaves an asset out');
    }
  }

  *#selected(
    filter: SelectionFilter,
    asked: Asked,
    isWanted: (answer: ClassVerdict) => boolean,
  ): Generator<{
    readonly row: AssetRow;
    readonly words: () => readonly AssetWords[];
    readonly answer: ClassVerdict;
  }> {
    const conditions = this.#conditions.of(filter);
    const answers = this.#verdicts.answer(asked);
    if (!answers.values().some(isWanted)) return;
    for (let last = ''; ; ) {
      const page = this.#byCid.all(last);
      const rows = page
        .filter((found) => isWanted(required(answers.get(found.class), 'a verdict')))
        .map((found) => this.#rowOf(found));
      for (const row of kept(rows, conditions)) {
        const answer = required(answers.get(row.class ?? 0), 'a verdict');
        let told: readonly AssetWords[] | undefined;
        const words = () => {
          told ??= this.#assets.words(row);
          return told;
        };
        if (isSelected(filter, row.size, answer.level, words)) yield { row, words, answer };
      }
      const end = page.at(-1);
      if (end === undefined) return;
      last = end.cid;
    }
  }

  #rowOf(found: { readonly id: number; readonly cid: string; readonly class: number }): AssetRow {
    const row = this.#assets.row(found.id);
    if (row?.class === found.class) return row;
    throw new CatalogDamagedError(`an index contradicts the row of ${found.cid}`);
  }
}
