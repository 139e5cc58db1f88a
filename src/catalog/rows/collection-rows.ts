import type { Cid } from '../../core/cid.ts';
import { newestOf } from '../../core/provenance/age.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { parseStored } from '../file/damage.ts';
import { OF_INDEXED_KIND } from '../file/schema.ts';
import type { RecordReader } from './record-reader.ts';

interface Naming {
  readonly id: string;
  readonly entry: EntryHash;
  readonly clock: number;
  readonly record: Cid;
}

/** The rows of `collections`: a collection is there from the first statement that names it. */
export class CollectionRows {
  readonly #records: RecordReader;
  readonly #find: Query<{ id: number }>;
  readonly #add: Query<never>;
  readonly #rename: Query<never>;
  readonly #namings: Query<{ entry: EntryHash; place: number; clock: number; body: string }>;
  readonly #byRecord: Query<{ salted: string }>;
  readonly #ids = new Map<string, number>();

  constructor(db: Database, records: RecordReader) {
    this.#records = records;
    this.#find = db.prepare('SELECT id FROM collections WHERE salted = ?');
    this.#add = db.prepare('INSERT INTO collections (salted) VALUES (?)');
    this.#rename = db.prepare('UPDATE collections SET name = ?, record_cid = ? WHERE salted = ?');
    this.#namings = db.prepare(
      `SELECT entries.hash AS entry, place, clock, body
       FROM statements INDEXED BY statements_by_kind JOIN entries ON entries.id = entry
       WHERE kind = 'collection' AND ${OF_INDEXED_KIND}`,
    );
    this.#byRecord = db.prepare('SELECT salted FROM collections WHERE record_cid = ?');
  }

  /** Returns the number of the collection with this salted id. */
  idOf(salted: string): number {
    const known = this.#ids.get(salted) ?? this.#find.get(salted)?.id;
    const id = known ?? this.#add.run(salted).lastRowId;
    this.#ids.set(salted, id);
    return id;
  }

  /** To be called when a `collection` statement has been stored. */
  describe(salted: string): void {
    this.idOf(salted);
    this.#name(salted);
  }

  /** Reads the names again that came from this record, which may have been erased. */
  reread(record: Cid): void {
    for (const { salted } of this.#byRecord.all(record)) this.#name(salted);
  }

  /** To be called when a transaction was undone. */
  forget(): void {
    this.#ids.clear();
  }

  #name(salted: string): void {
    const newest = newestOf(this.#namingsOf(salted));
    if (newest === undefined) return;
    this.#rename.run(this.#records.name(newest.record) ?? '', newest.record, salted);
  }

  *#namingsOf(salted: string): Iterable<Naming> {
    for (const { entry, place, clock, body } of this.#namings.all()) {
      // Only bodies that were read by the schema of `collection` are stored under that kind.
      const read = parseStored(body, 'the name of a collection') as BodyOf<'collection'>;
      if (read.collection !== salted) continue;
      yield { id: `${entry}/${place}`, entry, clock, record: read.record };
    }
  }
}
