import type { Cid } from '../../core/cid.ts';
import type { StandingStatement } from '../../core/provenance/facts.ts';
import type { KindName } from '../../core/statements/kinds.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { RecordReader } from './record-reader.ts';

/** What makes its signer the maker of an asset, as far as somebody here has recorded it. */
const MAKING: ReadonlySet<KindName> = new Set<KindName>(['declaration', 'consent']);

/**
 * Which keys signed declarations and consents that the home's own organisation has recorded: what others
 * record lets nobody see anything here. A key lies in a record, so it comes late or goes.
 */
export class SignerRows {
  readonly #records: RecordReader;
  readonly #organisation: string;
  readonly #add: Query<never>;
  readonly #drop: Query<never>;
  readonly #voice: Query<{ kind: KindName; organisation: string }>;

  constructor(db: Database, records: RecordReader, organisation: string) {
    this.#records = records;
    this.#organisation = organisation;
    this.#add = db.prepare('INSERT INTO signers (statement, signer) VALUES (?, ?)');
    this.#drop = db.prepare('DELETE FROM signers WHERE statement = ?');
    this.#voice = db.prepare(
      `SELECT kind, organisation FROM statements JOIN voices ON voices.id = voice
       WHERE statements.id = ?`,
    );
  }

  add(id: number, { statement, organisation }: StandingStatement): void {
    const { kind, carried } = statement;
    if (carried !== undefined) this.#put(id, { kind, organisation }, carried.envelope);
  }

  /** Looks again at the envelope of a carried statement. */
  reread(id: number, envelope: Cid): void {
    this.#drop.run(id);
    const voice = this.#voice.get(id);
    if (voice !== undefined) this.#put(id, voice, envelope);
  }

  #put(
    id: number,
    { kind, organisation }: { readonly kind: KindName; readonly organisation: string },
    envelope: Cid,
  ): void {
    if (organisation !== this.#organisation || !MAKING.has(kind)) return;
    const signer = this.#records.signer(envelope);
    if (signer !== undefined) this.#add.run(id, signer);
  }
}
