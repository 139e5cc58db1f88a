import type { Cid } from '../../core/cid.ts';
import type { Fact } from '../../core/provenance/facts.ts';
import type { DepositRecord } from '../../core/statements/record.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { fromRecordText, toRecordText } from '../facts/record-text.ts';
import { required } from '../file/damage.ts';
import type { CollectionRows } from './collection-rows.ts';
import type { RecordReader } from './record-reader.ts';
import type { ShownAsset } from './shown-asset.ts';
import { placeOf } from './statement-writer.ts';
import type { Tally } from './tally.ts';
import { makerKey, type Words, wordsOf } from './words.ts';
import { WorkRows } from './work-rows.ts';

interface AssetRow {
  readonly class: number | null;
  readonly status: string | null;
  readonly media: string | null;
  readonly licence: string | null;
  readonly size: number;
  readonly sha256: string;
  readonly declared: number;
  readonly custody: number;
}

interface DepositRow {
  readonly id: number;
  readonly statement: string;
  readonly collection: number;
  readonly licence: string | null;
  readonly record_cid: Cid;
  readonly record: string | null;
}

/** A deposit with the row it has, or is going to have. */
interface Kept {
  readonly id: number;
  readonly deposit: Fact<'deposit'>;
  readonly licence: string | null;
  readonly recordCid: Cid;
  readonly record: DepositRecord | undefined;
  readonly before: DepositRow | undefined;
}

/** What is new about an asset in the entry that is being projected. */
interface News {
  /** No row of it is there yet. */
  readonly isNew: boolean;
  /** Something may have changed about what its deposits say. */
  readonly isDescribed: boolean;
  /** Arrival number of the entry. */
  readonly arrival: number;
  /** Numbers of the deposits that the entry makes, by statement id. */
  readonly deposits: ReadonlyMap<string, number>;
  /** Records that have to be read again, because they may have been erased, or have come. */
  readonly reread: ReadonlySet<Cid>;
}

/** Writes what is shown of assets: their own row, deposits, makers and words, and the counts. */
export class AssetRows {
  readonly #records: RecordReader;
  readonly #collections: CollectionRows;
  readonly #tally: Tally;
  readonly #works: WorkRows;
  readonly #read: Query<AssetRow>;
  readonly #readDeposits: Query<DepositRow>;
  readonly #insert: Query<never>;
  readonly #update: Query<never>;
  readonly #classify: Query<never>;
  readonly #showing: Query<Pick<DepositRow, 'id' | 'record_cid'> & { asset: number }>;
  readonly #putDeposit: Query<never>;
  readonly #addMaker: Query<never>;
  readonly #dropMaker: Query<never>;
  readonly #putYear: Query<never>;
  readonly #dropYear: Query<never>;
  readonly #addWords: Query<never>;
  readonly #dropWords: Query<never>;

  constructor(db: Database, records: RecordReader, collections: CollectionRows, tally: Tally) {
    this.#records = records;
    this.#collections = collections;
    this.#tally = tally;
    this.#works = new WorkRows(db);
    this.#read = db.prepare(
      `SELECT class, status, media, licence, size, sha256, declared, custody FROM assets
       WHERE id = ?`,
    );
    this.#readDeposits = db.prepare(
      `SELECT deposits.id, hash || '/' || place AS statement, collection, licence, record_cid, record
       FROM deposits JOIN entries ON entries.id = entry WHERE asset = ?`,
    );
    this.#insert = db.prepare(
      `INSERT INTO assets (class, status, media, licence, size, sha256, declared, custody, id, cid)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = db.prepare(
      `UPDATE assets SET class = ?, status = ?, media = ?, licence = ?, size = ?, sha256 = ?,
       declared = ?, custody = ? WHERE id = ?`,
    );
    this.#classify = db.prepare('UPDATE assets SET class = ? WHERE id = ?');
    this.#showing = db.prepare(
      'SELECT id, asset, record_cid FROM deposits WHERE id > ? ORDER BY id LIMIT 256',
    );
    this.#putDeposit = db.prepare(
      `INSERT INTO deposits
       (id, entry, place, clock, asset, collection, item, licence, record_cid, record)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET licence = excluded.licence, record_cid = excluded.record_cid,
       record = excluded.record`,
    );
    this.#addMaker = db.prepare('INSERT INTO makers (name, asset) VALUES (?, ?)');
    this.#dropMaker = db.prepare('DELETE FROM makers WHERE name = ? AND asset = ?');
    this.#putYear = db.prepare(
      'INSERT INTO made (asset, year) VALUES (?, ?) ON CONFLICT DO UPDATE SET year = excluded.year',
    );
    this.#dropYear = db.prepare('DELETE FROM made WHERE asset = ?');
    this.#addWords = db.prepare(
      'INSERT INTO words (rowid, title, makers, filename, tags, notes) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#dropWords = db.prepare(
      `INSERT INTO words (words, rowid, title, makers, filename, tags, notes)
       VALUES ('delete', ?, ?, ?, ?, ?, ?)`,
    );
  }

  /**
   * Yields the assets of which a deposit shows what one of these records says, by deposit, and
   * undefined now and then. Reads every deposit: erasures are rare, and an index of records is not
   * kept for them.
   */
  *assetsShowing(records: ReadonlySet<Cid>): Generator<number | undefined> {
    for (let last = 0; ; ) {
      const page = this.#showing.all(last);
      for (const { id, asset, record_cid: record } of page) {
        last = id;
        if (records.has(record)) yield asset;
      }
      if (page.length === 0) return;
      yield undefined;
    }
  }

  /**
   * Makes the rows say what is shown now, and which class decides for the asset. Returns the class
   * that did before.
   */
  write(
    id: number,
    cid: Cid,
    shown: ShownAsset,
    decidedBy: number | null,
    news: News,
  ): number | null {
    const before = news.isNew ? NOTHING : required(this.#read.get(id), `asset ${cid}`);
    const after = toRow(shown, decidedBy);
    const { status, media, licence, size, sha256, declared, custody } = after;
    const columns = [decidedBy, status, media, licence, size, sha256, declared, custody, id];
    if (news.isNew) this.#insert.run(...columns, cid);
    else if (!isSameRow(before, after)) this.#update.run(...columns);
    else if (before.class !== decidedBy) this.#classify.run(decidedBy, id);
    this.#tally.class(before.class, decidedBy);
    this.#tally.facet('status', before.status, status);
    this.#tally.facet('media', before.media, media);
    this.#tally.facet('licence', before.licence, licence);
    if (news.isDescribed) this.#writeDeposits(id, shown, news);
    return before.class;
  }

  #writeDeposits(asset: number, shown: ShownAsset, news: News): void {
    if (shown.deposits.length === 0) return;
    const rows = news.isNew ? [] : this.#readDeposits.all(asset);
    const deposits = shown.deposits.map((current): Kept => {
      const { deposit, licence, record: recordCid } = current;
      const before = rows.find((row) => row.statement === deposit.id);
      const id = before?.id ?? required(news.deposits.get(deposit.id), `deposit ${deposit.id}`);
      const isKnown = before?.record_cid === recordCid && !news.reread.has(recordCid);
      const record = isKnown ? recordIn(before) : this.#records.deposit(recordCid);
      return { id, deposit, licence, recordCid, record, before };
    });
    for (const kept of deposits) this.#writeDeposit(asset, kept, news.arrival);
    this.#countCollections(deposits);
    this.#writeMakers(asset, deposits);
    this.#writeYear(asset, deposits);
    if (deposits.some(({ before }) => before === undefined)) {
      const said = deposits.map(({ deposit }) => deposit);
      this.#works.write(asset, said);
    }
    this.#writeWords(asset, deposits);
  }

  #writeDeposit(asset: number, kept: Kept, arrival: number): void {
    const { id, deposit, licence, recordCid, record, before } = kept;
    const text = record === undefined ? null : toRecordText(record);
    const isSame =
      before?.licence === licence && before.record_cid === recordCid && before.record === text;
    if (isSame) return;
    const { clock, body } = deposit;
    const collection = this.#collections.idOf(body.collection);
    const place = placeOf(deposit.id);
    // Of a row that is there, only what follows the item can change.
    this.#putDeposit.run(
      ...[id, arrival, place, clock, asset, collection, body.item],
      ...[licence, recordCid, text],
    );
  }

  #countCollections(deposits: readonly Kept[]): void {
    const idsOf = (list: readonly Kept[]) =>
      new Set(list.map(({ deposit }) => this.#collections.idOf(deposit.body.collection)));
    const before = idsOf(deposits.filter((kept) => kept.before !== undefined));
    for (const id of idsOf(deposits)) if (!before.has(id)) this.#tally.collection(id);
  }

  #writeMakers(asset: number, deposits: readonly Kept[]): void {
    const after = makerKeys(deposits.map((kept) => kept.record));
    const before = makerKeys(deposits.map((kept) => recordIn(kept.before)));
    for (const name of before) if (!after.has(name)) this.#dropMaker.run(name, asset);
    for (const name of after) if (!before.has(name)) this.#addMaker.run(name, asset);
  }

  #writeYear(asset: number, deposits: readonly Kept[]): void {
    const after = firstYear(deposits.map((kept) => kept.record));
    const before = firstYear(deposits.map((kept) => recordIn(kept.before)));
    if (after === before) return;
    if (after === undefined) this.#dropYear.run(asset);
    else this.#putYear.run(asset, after);
  }

  /** The index keeps no words of its own, so the old ones are given to it for taking them out. */
  #writeWords(asset: number, deposits: readonly Kept[]): void {
    const after = wordsOf(deposits.map((kept) => kept.record));
    const old = deposits.filter((kept) => kept.before !== undefined);
    const before = wordsOf(old.map((kept) => recordIn(kept.before)));
    const isIndexed = old.length > 0;
    if (isIndexed && isSameWords(before, after)) return;
    if (isIndexed) this.#dropWords.run(asset, ...before);
    this.#addWords.run(asset, ...after);
  }
}

const NOTHING: AssetRow = {
  class: null,
  status: null,
  media: null,
  licence: null,
  size: 0,
  sha256: '',
  declared: 0,
  custody: 0,
};

function toRow(shown: ShownAsset, decidedBy: number | null): AssetRow {
  const { status, media, licence, size, sha256, declared, custody } = shown;
  return {
    class: decidedBy,
    status,
    media,
    licence,
    size,
    sha256,
    declared: Number(declared),
    custody: Number(custody),
  };
}

/** The class apart, which changes most often and is in fewer indexes. */
function isSameRow(a: AssetRow, b: AssetRow): boolean {
  return (
    a.status === b.status &&
    a.media === b.media &&
    a.licence === b.licence &&
    a.size === b.size &&
    a.sha256 === b.sha256 &&
    a.declared === b.declared &&
    a.custody === b.custody
  );
}

function recordIn(row: DepositRow | undefined): DepositRecord | undefined {
  return row === undefined || row.record === null ? undefined : fromRecordText(row.record);
}

function makerKeys(records: readonly (DepositRecord | undefined)[]): ReadonlySet<string> {
  const keys = records.flatMap((record) =>
    record === undefined ? [] : record.makers.map((maker) => makerKey(maker.name)),
  );
  return new Set(keys.filter((key) => key !== ''));
}

/** Returns the first year that the first deposit which says when it was made can mean. */
function firstYear(records: readonly (DepositRecord | undefined)[]): number | undefined {
  const dated = records.find((record) => record !== undefined && record.earliest !== '');
  const [year] = /^-?\d+/.exec(dated?.earliest ?? '') ?? [];
  return year === undefined ? undefined : Number(year);
}

function isSameWords(a: Words, b: Words): boolean {
  return a.every((text, column) => text === b[column]);
}
