import { ArchiveError } from '../../core/errors.ts';
import type { AssetFilter } from '../../core/ports/asset-lists.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { AssetRow } from '../reading/asset-reader.ts';
import type { SignerReader } from '../reading/signer-reader.ts';
import { makerKey, toQuery } from '../rows/words.ts';
import { failedGate, type Verdicts } from '../verdicts.ts';
import { type Condition, isOneOf, NOBODY } from './condition.ts';
import type { PostingList } from './posting-lists.ts';

/** More lists than this are not merged: looking at every asset is faster. */
const MAX_LISTS = 1024;

/** Where counting exactly would cost more than knowing that it is much. */
const MUCH = 1024;

/** Numbers of assets that lie no further apart are looked up in the index of words together. */
const MAX_SPAN = 8192;

const MAX_TEXT = 10_000;

/** Turns a filter into conditions over the tables of one file. */
export class Conditions {
  readonly #verdicts: Verdicts;
  readonly #signers: SignerReader;
  readonly #facet: Query<{ value: string; assets: number }>;
  readonly #byColumn: Readonly<Record<'media' | 'licence' | 'status', Query<{ id: number }>>>;
  readonly #byClass: Query<{ id: number }>;
  readonly #collections: Query<{ id: number; assets: number }>;
  readonly #byCollection: Query<{ id: number }>;
  readonly #isInCollection: Query<{ id: number }>;
  readonly #byMaker: Query<{ id: number }>;
  readonly #isByMaker: Query<{ asset: number }>;
  readonly #byYear: Query<{ id: number }>;
  readonly #isOfYear: Query<{ asset: number }>;
  readonly #work: Query<{ id: number }>;
  readonly #byWork: Query<{ id: number }>;
  readonly #isOfWork: Query<{ asset: number }>;
  readonly #byWords: Query<{ id: number }>;
  readonly #hasWords: Query<{ id: number }>;

  constructor(db: Database, verdicts: Verdicts, signers: SignerReader) {
    this.#verdicts = verdicts;
    this.#signers = signers;
    this.#facet = db.prepare('SELECT value, assets FROM facets WHERE facet = ?');
    const by = (column: string) =>
      db.prepare<{ id: number }>(
        `SELECT id FROM assets WHERE ${column} = ? AND id > ? ORDER BY id LIMIT ?`,
      );
    this.#byColumn = { media: by('media'), licence: by('licence'), status: by('status') };
    this.#byClass = by('class');
    this.#collections = db.prepare(
      `SELECT id, assets FROM collections WHERE salted = ? OR (name = ? AND name <> '')`,
    );
    this.#byCollection = db.prepare(
      `SELECT DISTINCT asset AS id FROM deposits WHERE collection = ? AND asset > ?
       ORDER BY asset LIMIT ?`,
    );
    this.#isInCollection = db.prepare(
      'SELECT id FROM deposits WHERE collection = ? AND asset = ? LIMIT 1',
    );
    this.#byMaker = db.prepare(
      'SELECT asset AS id FROM makers WHERE name = ? AND asset > ? ORDER BY asset LIMIT ?',
    );
    this.#isByMaker = db.prepare('SELECT asset FROM makers WHERE name = ? AND asset = ?');
    this.#byYear = db.prepare(
      'SELECT asset AS id FROM made WHERE year = ? AND asset > ? ORDER BY asset LIMIT ?',
    );
    this.#isOfYear = db.prepare('SELECT asset FROM made WHERE year = ? AND asset = ?');
    this.#work = db.prepare('SELECT id FROM works WHERE key = ?');
    this.#byWork = db.prepare(
      'SELECT asset AS id FROM parts WHERE work = ? AND asset > ? ORDER BY asset LIMIT ?',
    );
    this.#isOfWork = db.prepare('SELECT asset FROM parts WHERE work = ? AND asset = ?');
    // The library binds numbers as REAL. FTS5 goes straight to a rowid that is an INTEGER; with any
    // other it walks through all matches before it.
    this.#byWords = db.prepare(
      `SELECT rowid AS id FROM words WHERE words MATCH ? AND rowid > CAST(? AS INTEGER)
       ORDER BY rowid LIMIT ?`,
    );
    this.#hasWords = db.prepare(
      `SELECT rowid AS id FROM words WHERE words MATCH ?
       AND rowid >= CAST(? AS INTEGER) AND rowid <= CAST(? AS INTEGER)`,
    );
  }

  /** @throws {ArchiveError} `usage_invalid`, `policy_unknown`. */
  of(filter: AssetFilter): readonly Condition[] {
    const { text, collection, media, licence, maker, signer, status, work, year, verdict } = filter;
    const conditions: Condition[] = [];
    if (status !== undefined) conditions.push(this.#facetIs('status', (value) => value === status));
    if (media !== undefined) {
      const prefix = `${media}/`;
      const isMedia = (value: string) => value === media || value.startsWith(prefix);
      conditions.push(this.#facetIs('media', isMedia));
    }
    if (licence !== undefined) {
      conditions.push(this.#facetIs('licence', (value) => value === licence));
    }
    if (collection !== undefined) conditions.push(this.#isIn(collection));
    if (maker !== undefined) conditions.push(this.#isMadeBy(makerKey(maker)));
    if (work !== undefined) conditions.push(this.#isPartOf(work));
    if (year !== undefined) conditions.push(this.#isOf(year));
    if (signer !== undefined) conditions.push(this.#signers.condition(signer));
    if (text !== undefined && text.trim() !== '') conditions.push(this.#matches(text));
    if (verdict !== undefined) conditions.push(this.#gets(verdict));
    return conditions;
  }

  /** Holds for every asset of the archive's own. */
  listed(): Condition {
    return this.#facetIs('status', () => true);
  }

  /**
   * Returns the numbers of all assets in which every word of a text is, ascending: one look at the index, where
   * many looks by a word's beginning would each gather all its endings.
   *
   * @throws {ArchiveError} `usage_invalid`.
   */
  withWords(text: string): readonly number[] {
    const query = wordQuery(text);
    return query === undefined ? [] : this.#byWords.all(query, 0, -1).map(({ id }) => id);
  }

  #facetIs(facet: 'media' | 'licence' | 'status', isWanted: (value: string) => boolean): Condition {
    const rows = this.#facet.all(facet).filter(({ value }) => isWanted(value));
    const values = new Set(rows.map(({ value }) => value));
    return {
      size: () => ({ assets: sum(rows), isExact: true }),
      lists: lists(this.#byColumn[facet], values),
      keep: (some) => some.filter((row) => values.has(row[facet] ?? '')),
      term: isOneOf(facet, values),
    };
  }

  /** Collections can share a name; all that have it are meant. */
  #isIn(collection: string): Condition {
    const rows = this.#collections.all(collection, collection);
    const ids = rows.map(({ id }) => id);
    return {
      size: () => ({ assets: sum(rows), isExact: rows.length < 2 }),
      lists: lists(this.#byCollection, ids),
      keep: (some) =>
        some.filter(({ id }) => ids.some((of) => this.#isInCollection.get(of, id) !== undefined)),
      term: {
        sql: `EXISTS (SELECT 1 FROM deposits WHERE asset = assets.id
              AND collection IN (SELECT value FROM json_each(?)))`,
        values: [JSON.stringify(ids)],
      },
    };
  }

  #isMadeBy(name: string): Condition {
    return {
      size: () => counted(this.#byMaker, name),
      lists: lists(this.#byMaker, [name]),
      keep: (some) => some.filter(({ id }) => this.#isByMaker.get(name, id) !== undefined),
      term: {
        sql: 'EXISTS (SELECT 1 FROM makers WHERE name = ? AND asset = assets.id)',
        values: [name],
      },
    };
  }

  #isOf(year: number): Condition {
    return {
      size: () => counted(this.#byYear, year),
      lists: lists(this.#byYear, [year]),
      keep: (some) => some.filter(({ id }) => this.#isOfYear.get(year, id) !== undefined),
      term: {
        sql: 'EXISTS (SELECT 1 FROM made WHERE year = ? AND asset = assets.id)',
        values: [year],
      },
    };
  }

  #isPartOf(work: string): Condition {
    const found = this.#work.get(work);
    if (found === undefined) return NOBODY;
    return {
      size: () => counted(this.#byWork, found.id),
      lists: lists(this.#byWork, [found.id]),
      keep: (some) => some.filter(({ id }) => this.#isOfWork.get(found.id, id) !== undefined),
      term: {
        sql: 'EXISTS (SELECT 1 FROM parts WHERE work = ? AND asset = assets.id)',
        values: [found.id],
      },
    };
  }

  #matches(text: string): Condition {
    const query = wordQuery(text);
    if (query === undefined) return NOBODY;
    return {
      size: () => counted(this.#byWords, query),
      lists: lists(this.#byWords, [query]),
      keep: (some) => this.#withWords(query, some),
      term: {
        sql: `id IN (SELECT rowid FROM words WHERE words MATCH ?
              AND rowid > CAST(?1 AS INTEGER) AND rowid <= CAST(?2 AS INTEGER))`,
        values: [query],
      },
    };
  }

  /** Each look by a word's beginning gathers all its endings, so near assets are looked up at once. */
  #withWords(query: string, rows: readonly AssetRow[]): readonly AssetRow[] {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const [least, most] = [Math.min(...ids), Math.max(...ids)];
    if (most - least > MAX_SPAN) {
      return rows.filter(({ id }) => this.#hasWords.get(query, id, id) !== undefined);
    }
    const found = new Set(this.#hasWords.all(query, least, most).map(({ id }) => id));
    return rows.filter(({ id }) => found.has(id));
  }

  #gets({ is, level, gate, ...asked }: NonNullable<AssetFilter['verdict']>): Condition {
    const classes = new Set<number>();
    let assets = 0;
    for (const [id, answer] of this.#verdicts.answer(asked)) {
      const members = this.#verdicts.assetsByClass().get(id);
      const isWanted =
        (is === undefined || answer.verdict === is) &&
        (level === undefined || answer.level === level) &&
        (gate === undefined || failedGate(answer) === gate);
      if (!isWanted || members === undefined) continue;
      classes.add(id);
      assets += members;
    }
    return {
      size: () => ({ assets, isExact: true }),
      lists: classes.size > MAX_LISTS ? undefined : lists(this.#byClass, classes),
      keep: (some) => some.filter((row) => row.class !== null && classes.has(row.class)),
      term: isOneOf('class', classes),
    };
  }
}

function wordQuery(text: string): string | undefined {
  if (text.length <= MAX_TEXT) return toQuery(text);
  throw new ArchiveError(
    'usage_invalid',
    `the search text has ${text.length} characters; search for at most ${MAX_TEXT}`,
  );
}

function counted(query: Query<{ id: number }>, key: string | number) {
  const assets = query.all(key, 0, MUCH).length;
  return { assets, isExact: assets < MUCH };
}

function lists(
  query: Query<{ id: number }>,
  keys: Iterable<string | number>,
): readonly PostingList[] {
  return Array.from(
    keys,
    (key): PostingList =>
      (after, limit) =>
        query.all(key, after, limit).map(({ id }) => id),
  );
}

function sum(rows: readonly { readonly assets: number }[]): number {
  return rows.reduce((total, { assets }) => total + assets, 0);
}
