import type { AssetFacets, AssetFilter, FacetValue } from '../../core/ports/asset-lists.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { Pacer } from '../pacer.ts';
import type { AssetReader } from '../reading/asset-reader.ts';
import { makerKey } from '../rows/words.ts';
import { type Asked, failedGate, type Verdicts } from '../verdicts.ts';
import type { Term } from './condition.ts';
import type { Conditions } from './conditions.ts';
import { allOf, spans } from './count-all.ts';

/** Those whose numbers are given. */
const AMONG: Term = { sql: 'id IN (SELECT value FROM json_each(?))', values: [] };

/** Assets whose facets are counted together: some milliseconds of work, since whoever types waits for it. */
const AT_ONCE = 2_048;

/** Values that are told of each facet, at most. */
const MOST = 50;

interface Group {
  readonly class: number | null;
  readonly media: string | null;
  readonly licence: string | null;
  readonly assets: number;
}

interface Counted {
  readonly value: string | number;
  readonly assets: number;
}

/** Counts what a filter finds by each thing that it can be narrowed by. */
export class FacetCounts {
  readonly #db: Database;
  readonly #assets: AssetReader;
  readonly #conditions: Conditions;
  readonly #verdicts: Verdicts;
  readonly #collection: Query<{ name: string }>;
  readonly #work: Query<{ id: number }>;

  constructor(db: Database, assets: AssetReader, conditions: Conditions, verdicts: Verdicts) {
    this.#db = db;
    this.#assets = assets;
    this.#conditions = conditions;
    this.#verdicts = verdicts;
    this.#collection = db.prepare(
      `SELECT CASE name WHEN '' THEN salted ELSE name END AS name FROM collections WHERE id = ?`,
    );
    this.#work = db.prepare('SELECT asset AS id FROM makers WHERE name = ? LIMIT 1');
  }

  /** @throws {ArchiveError} `usage_invalid`, `policy_unknown`, `aborted`. */
  async count(filter: AssetFilter, asked: Asked, pacer: Pacer): Promise<AssetFacets> {
    const { text = '', ...others } = filter;
    const found = text.trim() === '' ? undefined : this.#conditions.withWords(text);
    const terms = this.#conditions.of(others).map(({ term }) => term);
    const { sql, values: given } = allOf(found === undefined ? terms : [...terms, AMONG]);
    const of = <Row>(text: string) => this.#db.prepare<Row & object>(text);
    const meant = `asset > ?1 AND asset <= ?2 AND asset IN (SELECT id FROM assets WHERE ${sql})`;
    const groups = of<Group>(
      `SELECT class, media, licence, count(*) AS assets FROM assets WHERE ${sql}
       GROUP BY class, media, licence`,
    );
    const collections = of<Counted>(
      `SELECT collection AS value, count(DISTINCT asset) AS assets FROM deposits WHERE ${meant}
       GROUP BY collection`,
    );
    const makers = of<Counted>(
      `SELECT name AS value, count(*) AS assets FROM makers INDEXED BY makers_by_asset
       WHERE ${meant} GROUP BY name`,
    );
    const years = of<Counted>(
      `SELECT year AS value, count(*) AS assets FROM made WHERE ${meant} GROUP BY year`,
    );
    const tally = new FacetTally();
    for await (const span of spans(this.#db, pacer, AT_ONCE)) {
      const near = found?.filter((id) => id > span[0] && id <= span[1]);
      if (near?.length === 0) continue;
      const values = near === undefined ? given : [...given, JSON.stringify(near)];
      for (const { class: id, media, licence, assets } of groups.all(...span, ...values)) {
        // There may be classes that were not there when this began.
        const answer = id === null ? undefined : this.#verdicts.answerFor(id, asked);
        tally.add('media', media, assets);
        tally.add('licence', licence, assets);
        tally.add('level', answer?.level, assets);
        tally.add('gate', answer && failedGate(answer), assets);
        tally.assets += assets;
      }
      await pacer.turn();
      for (const { value, assets } of collections.all(...span, ...values)) {
        tally.add('collection', value, assets);
      }
      await pacer.turn();
      for (const { value, assets } of makers.all(...span, ...values)) {
        tally.add('maker', value, assets);
      }
      for (const { value, assets } of years.all(...span, ...values)) {
        tally.add('year', value, assets);
      }
    }
    const named = (facet: FacetName, nameOf: (value: string) => string) =>
      tally.most(facet).map(({ value, assets }) => ({ value: nameOf(value), assets }));
    return {
      assets: tally.assets,
      media: tally.most('media'),
      licence: tally.most('licence'),
      collection: named('collection', (id) => this.#collection.get(Number(id))?.name ?? id),
      maker: named('maker', (key) => this.#makerNamed(key)),
      year: tally.most('year').toSorted((one, other) => Number(one.value) - Number(other.value)),
      level: tally.most('level'),
      gate: tally.most('gate'),
    };
  }

  /** Returns the name as a deposit spells it. */
  #makerNamed(key: string): string {
    const work = this.#work.get(key);
    const told = work === undefined ? [] : this.#assets.words(work);
    const names = told.flatMap(({ record }) => record?.makers.map(({ name }) => name) ?? []);
    return names.find((name) => makerKey(name) === key) ?? key;
  }
}

type FacetName = Exclude<keyof AssetFacets, 'assets'>;

class FacetTally {
  assets = 0;
  readonly #counts = new Map<FacetName, Map<string, number>>();

  add(facet: FacetName, value: string | number | null | undefined, assets: number): void {
    if (value === null || value === undefined) return;
    const counts = this.#counts.get(facet) ?? new Map<string, number>();
    this.#counts.set(facet, counts);
    counts.set(String(value), (counts.get(String(value)) ?? 0) + assets);
  }

  /** Returns the most frequent values; of equal ones the first by letter. */
  most(facet: FacetName): readonly FacetValue[] {
    return [...(this.#counts.get(facet) ?? [])]
      .map(([value, assets]) => ({ value, assets }))
      .sort((one, other) => other.assets - one.assets || (one.value < other.value ? -1 : 1))
      .slice(0, MOST);
  }
}
