import { hash } from 'node:crypto';
import type { Cid } from '../../core/cid.ts';
import type { AssetSummary } from '../../core/ports/asset-lists.ts';
import type { AssetStatus, AssetView, DepositView } from '../../core/ports/asset-views.ts';
import type { KnownItem } from '../../core/ports/catalog.ts';
import type { ReleaseCandidate, ReleaseMaker } from '../../core/ports/release-candidates.ts';
import { currentDeposits } from '../../core/provenance/current-deposits.ts';
import { currentFindings } from '../../core/provenance/current-findings.ts';
import type { AssetFacts } from '../../core/provenance/facts.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { commitName, type DepositRecord } from '../../core/statements/record.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { FactReader } from '../facts/fact-reader.ts';
import { fromRecordText } from '../facts/record-text.ts';
import { type StoredWords, sumOf } from '../file/check-sums.ts';
import { CatalogDamagedError, parseStored, required } from '../file/damage.ts';
import { WhileUnchanged } from './while-unchanged.ts';
import type { WorkReader } from './work-reader.ts';

/** The row of an asset of the archive's own: one that was deposited or registered. */
export interface AssetRow {
  readonly id: number;
  readonly cid: Cid;
  readonly class: number | null;
  readonly status: AssetStatus;
  readonly media: string;
  readonly licence: string | null;
  readonly size: number;
  readonly sha256: string;
}

/** What a deposit of an asset says in words; an erased one says nothing. */
export interface AssetWords extends Omit<ToldRow, 'record'> {
  readonly record: DepositRecord | undefined;
}

interface ToldRow {
  readonly id: string;
  /** Number of the deposit's statement. */
  readonly number: number;
  readonly collection: string;
  readonly recordCid: Cid;
  readonly record: string | null;
}

interface ItemRow {
  readonly item: string;
  readonly cid: Cid;
  readonly deposit: string;
  readonly record: string | null;
  readonly licence: string | null;
  readonly declared: number;
  readonly custody: number;
}

const OF_THE_ARCHIVE = 'status IS NOT NULL';

const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');

/** Answers questions about single assets from the tables of one file. */
export class AssetReader {
  readonly #facts: FactReader;
  readonly #works: WorkReader;
  readonly #find: Query<{ id: number; status: AssetStatus | null }>;
  readonly #row: Query<AssetRow>;
  readonly #rows: Query<AssetRow>;
  readonly #ids: Query<{ id: number }>;
  readonly #told: Query<ToldRow>;
  readonly #body: Query<StoredWords & { readonly sum: number }>;
  readonly #items: Query<ItemRow>;
  readonly #known: Query<{ cid: Cid }>;
  readonly #rendition: Query<{ id: number }>;
  readonly #kept: WhileUnchanged<AssetRow | undefined>;

  constructor(db: Database, facts: FactReader, works: WorkReader) {
    this.#facts = facts;
    this.#works = works;
    this.#kept = new WhileUnchanged(db);
    const columns = 'assets.id, cid, class, status, media, licence, size, sha256';
    this.#find = db.prepare('SELECT id, status FROM assets WHERE cid = ?');
    this.#row = db.prepare(`SELECT ${columns} FROM assets WHERE id = ? AND ${OF_THE_ARCHIVE}`);
    this.#rows = db.prepare(
      `SELECT ${columns} FROM json_each(?) AS asked
       CROSS JOIN assets ON assets.id = asked.value AND ${OF_THE_ARCHIVE}`,
    );
    this.#ids = db.prepare(
      `SELECT id FROM assets WHERE id > ? AND ${OF_THE_ARCHIVE} ORDER BY id LIMIT ?`,
    );
    this.#told = db.prepare(
      `SELECT hash || '/' || place AS id, deposits.id AS number, deposits.record_cid AS recordCid, record,
         CASE name WHEN '' THEN salted ELSE name END AS collection
       FROM deposits
       JOIN entries ON entries.id = entry
       JOIN collections ON collections.id = collection
       WHERE asset = ? ORDER BY clock, hash, place`,
    );
    this.#body = db.prepare('SELECT kind, at, carried, body, sum FROM statements WHERE id = ?');
    // The newest deposit of a place comes last. CROSS keeps to this order of the tables: another one
    // would go through the whole collection for every place.
    this.#items = db.prepare(
      `SELECT item, cid, hash || '/' || place AS deposit, record, deposits.licence, declared, custody
       FROM collections CROSS JOIN json_each(?) AS asked
       CROSS JOIN deposits ON item = asked.value AND collection = collections.id
       JOIN entries ON entries.id = entry
       JOIN assets ON assets.id = asset
       WHERE salted = ? ORDER BY clock, hash, place`,
    );
    this.#rendition = db.prepare(
      `SELECT id FROM statements WHERE asset = ? AND kind = 'rendition' ORDER BY id LIMIT 1`,
    );
    this.#known = db.prepare(
      `SELECT cid FROM json_each(?) AS asked CROSS JOIN assets ON cid = asked.value AND ${OF_THE_ARCHIVE}`,
    );
  }

  has(cid: Cid): boolean {
    const found = this.#find.get(cid);
    return found !== undefined && found.status !== null;
  }

  facts(cid: Cid): AssetFacts | undefined {
    const found = this.#find.get(cid);
    return found === undefined ? undefined : this.#facts.facts({ id: found.id, cid });
  }

  /** Returns the row of an asset, undefined if it was neither deposited nor registered. */
  row(id: number): AssetRow | undefined {
    return this.#row.get(id);
  }

  /** Returns the row of the asset with this CID, likewise. */
  rowOf(cid: Cid): AssetRow | undefined {
    return this.#kept.get(cid, () => {
      const found = this.#find.get(cid);
      return found === undefined ? undefined : this.row(found.id);
    });
  }

  /** Returns the rows of those assets that were deposited or registered, in this order. */
  rows(ids: readonly number[]): readonly AssetRow[] {
    return ids.length === 0 ? [] : this.#rows.all(JSON.stringify(ids));
  }

  /** Returns up to `limit` assets of the archive's own after this one, by number. */
  idsAfter(after: number, limit: number): readonly number[] {
    return this.#ids.all(after, limit).map(({ id }) => id);
  }

  summary(row: AssetRow): AssetSummary {
    const told = this.#toldOf(row.id);
    return {
      cid: row.cid,
      size: row.size,
      mediaType: row.media,
      title: titleOf(told),
      creators: creatorsOf(told),
      licence: row.licence,
      status: row.status,
      work: this.#works.of(row.id),
    };
  }

  asset(cid: Cid): AssetView | undefined {
    const row = this.rowOf(cid);
    if (row === undefined) return undefined;
    const facts = this.#facts.facts(row);
    const told = this.#toldOf(row.id);
    return {
      ...this.summary(row),
      sha256: row.sha256,
      deposits: depositViews(facts, told),
      findings: currentFindings(facts),
    };
  }

  known(cids: readonly Cid[]): ReadonlySet<Cid> {
    return new Set(this.#known.all(JSON.stringify(cids)).map(({ cid }) => cid));
  }

  items(collection: string, items: readonly string[]): ReadonlyMap<string, KnownItem> {
    const rows = this.#items.all(JSON.stringify(items), collection);
    return new Map(rows.map((row) => [row.item, toKnownItem(row)]));
  }

  /** Returns what the deposits of an asset say in words, the first deposit first. */
  words(row: Pick<AssetRow, 'id'>): readonly AssetWords[] {
    return this.#toldOf(row.id);
  }

  /** Returns what the deposits say of an asset, as a release tells it. */
  origin(
    row: AssetRow,
    told: readonly AssetWords[],
  ): Pick<
    ReleaseCandidate,
    | 'title'
    | 'makers'
    | 'source'
    | 'work'
    | 'rendition'
    | 'deposit'
    | 'deposited'
    | 'made'
    | 'records'
  > {
    const first = required(told[0], `a deposit of ${row.cid}`);
    const { body, at } = this.#bodyOf(first);
    const dated = told.find(({ record }) => record !== undefined && record.dateText !== '')?.record;
    return {
      title: titleOf(told),
      makers: this.#makersOf(told),
      source: first.record?.source || (body.source ?? ''),
      work: this.#works.of(row.id)?.id ?? null,
      rendition: this.#renditionOf(row),
      deposit: first.id,
      deposited: at,
      made: {
        text: dated?.dateText ?? '',
        earliest: dated?.earliest ?? '',
        latest: dated?.latest ?? '',
      },
      records: told.flatMap(({ record, recordCid }) => (record === undefined ? [] : [recordCid])),
    };
  }

  /** Makers whom deposits name; one who is named twice, by two homes, is the one named first. */
  #makersOf(told: readonly AssetWords[]): readonly ReleaseMaker[] {
    const makers = new Map<string, ReleaseMaker>();
    for (const deposit of told) {
      const named = deposit.record?.makers.map(({ name, salt }) => ({
        id: commitName(name, salt, sha256),
        name,
      }));
      const nameless = () => this.#bodyOf(deposit).body.makers.map((id) => ({ id, name: '' }));
      for (const maker of named ?? nameless()) {
        const key = maker.name || maker.id;
        if (!makers.has(key)) makers.set(key, maker);
      }
    }
    return [...makers.values()];
  }

  /** Several organisations can say so of one asset; the first is told. */
  #renditionOf(row: AssetRow): ReleaseCandidate['rendition'] {
    const said = this.#rendition.get(row.id);
    if (said === undefined) return null;
    const words = required(this.#body.get(said.id), `a rendition of ${row.cid}`);
    // Only bodies that were read by the schema of `rendition` are stored under that kind.
    const { parent, recipe } = parseStored(words.body, 'a rendition') as BodyOf<'rendition'>;
    return { of: parent, recipe };
  }

  #bodyOf({ id, number }: AssetWords): { readonly body: BodyOf<'deposit'>; readonly at: string } {
    const words = required(this.#body.get(number), id);
    if (sumOf(words) !== words.sum) throw new CatalogDamagedError(`${id} is not what was stored`);
    // Only bodies that were read by the schema of `deposit` are stored under that kind.
    return { body: parseStored(words.body, id) as BodyOf<'deposit'>, at: words.at };
  }

  #toldOf(id: number): readonly AssetWords[] {
    return this.#told.all(id).map(({ record, ...row }) => ({
      ...row,
      record: record === null ? undefined : fromRecordText(record),
    }));
  }
}

function toKnownItem(row: ItemRow): KnownItem {
  return {
    asset: row.cid,
    deposit: row.deposit,
    record: row.record === null ? undefined : fromRecordText(row.record),
    licence: row.licence,
    declared: row.declared === 1,
    custody: row.custody === 1,
  };
}

function titleOf(told: readonly AssetWords[]): string {
  return (
    told.find(({ record }) => record !== undefined && record.title !== '')?.record?.title ?? ''
  );
}

/** Everybody whom a deposit names, in the order of deposits. */
function creatorsOf(told: readonly AssetWords[]): readonly string[] {
  const names = told.flatMap(({ record }) => record?.makers.map(({ name }) => name) ?? []);
  return [...new Set(names)];
}

function depositViews(facts: AssetFacts, told: readonly AssetWords[]): readonly DepositView[] {
  return currentDeposits(facts).map(({ deposit, licence }) => {
    const said = told.find(({ id }) => id === deposit.id);
    const record = said?.record;
    return {
      id: deposit.id,
      at: deposit.at,
      organisation: deposit.organisation,
      title: record?.title ?? '',
      filename: record?.filename ?? '',
      makers: record?.makers.map(({ name }) => name) ?? [],
      dateText: record?.dateText ?? '',
      notes: record?.notes ?? '',
      tags: record?.tags ?? [],
      licence,
      source: record?.source || (deposit.body.source ?? ''),
      collection: said?.collection ?? deposit.body.collection,
      work: deposit.body.work,
      part: deposit.body.part,
      item: deposit.body.item,
    };
  });
}
