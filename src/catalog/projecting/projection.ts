import type { Cid } from '../../core/cid.ts';
import type { Arrival } from '../../core/ports/ledger.ts';
import type { StandingStatement, UnknownStatement } from '../../core/provenance/facts.ts';
import { isAssetKind } from '../../core/provenance/reduce.ts';
import type { KindName } from '../../core/statements/kinds.ts';
import type { About } from '../../core/statements/statement.ts';
import type { Database } from '../../sqlite/database.ts';
import { FactReader } from '../facts/fact-reader.ts';
import type { Pacer } from '../pacer.ts';
import { AssetIds } from '../rows/asset-ids.ts';
import { AssetRows } from '../rows/asset-rows.ts';
import { AttestationRows } from '../rows/attestation-rows.ts';
import { ClassRows } from '../rows/class-rows.ts';
import { CollectionRows } from '../rows/collection-rows.ts';
import { EdgeRows } from '../rows/edge-rows.ts';
import { ErasureRows } from '../rows/erasure-rows.ts';
import { ManifestRows } from '../rows/manifest-rows.ts';
import { RecordReader } from '../rows/record-reader.ts';
import { SetRows } from '../rows/set-rows.ts';
import { SignerRows } from '../rows/signer-rows.ts';
import { placeOf, StatementWriter, type Subject } from '../rows/statement-writer.ts';
import { Tally } from '../rows/tally.ts';
import { WitnessRows } from '../rows/witness-rows.ts';
import { AssetRefresher } from './asset-refresher.ts';
import type { EntryWork } from './entry-work.ts';
import type { LedgerContext } from './lineage.ts';
import { Moves } from './moves.ts';
import type { SourceLedger } from './source-ledger.ts';

/** Kinds that may change what is shown of an asset's deposits. */
const DESCRIBING: ReadonlySet<KindName> = new Set<KindName>(['deposit', 'description', 'licence']);

/** Kinds that are stored although they are about no asset. */
const ABOUT_NOTHING: ReadonlySet<KindName> = new Set<KindName>([
  'collection',
  'erasure',
  'acknowledgement',
  'receipt',
  'model',
]);

const NOTHING: Subject = { asset: null, set: null };

/**
 * Folds entries into the tables of one file, one after another, inside the caller's transactions.
 * The tables depend on the entries and their order alone, not on where a transaction ends.
 */
export class Projection {
  /** Of what has been added; of the transaction that is under way as well. */
  readonly moves = new Moves();
  readonly #ledger: SourceLedger;
  readonly #records: RecordReader;
  readonly #assets: AssetIds;
  readonly #statements: StatementWriter;
  readonly #sets: SetRows;
  readonly #witnesses: WitnessRows;
  readonly #attestations: AttestationRows;
  readonly #collections: CollectionRows;
  readonly #edges: EdgeRows;
  readonly #erasures: ErasureRows;
  readonly #signers: SignerRows;
  readonly #manifests: ManifestRows;
  readonly #tally: Tally;
  readonly #rows: AssetRows;
  readonly #classes: ClassRows;
  readonly #refresher: AssetRefresher;
  #hasErased = false;

  constructor(db: Database, ledger: SourceLedger, context: LedgerContext) {
    const records = new RecordReader(ledger);
    this.#ledger = ledger;
    this.#records = records;
    this.#assets = new AssetIds(db);
    this.#statements = new StatementWriter(db);
    this.#sets = new SetRows(db, this.#assets);
    this.#witnesses = new WitnessRows(db, ledger);
    this.#attestations = new AttestationRows(db, ledger, context, this.#assets);
    this.#collections = new CollectionRows(db, records);
    this.#edges = new EdgeRows(db);
    this.#erasures = new ErasureRows(db);
    this.#signers = new SignerRows(db, records, ledger.self.organisation);
    this.#manifests = new ManifestRows(db);
    this.#tally = new Tally(db);
    this.#rows = new AssetRows(db, records, this.#collections, this.#tally);
    this.#classes = new ClassRows(db);
    this.#refresher = new AssetRefresher(
      {
        assets: this.#assets,
        sets: this.#sets,
        rows: this.#rows,
        classes: this.#classes,
        edges: this.#edges,
        facts: new FactReader(db),
        moves: this.moves,
      },
      context,
      ledger.self.organisation,
      this.#attestations.samples,
    );
  }

  /** Projects one entry. Its counts are in the tables after {@link Projection.writeCounts}. */
  async add(arrival: Arrival, pacer: Pacer): Promise<void> {
    const work: EntryWork = {
      arrival: arrival.number,
      assets: new Map(),
      sets: new Map(),
      reread: new Set(),
    };
    this.#records.open(arrival);
    for (const item of inPlace(arrival)) {
      if ('statement' in item) await this.#store(item, arrival, work, pacer);
      else await this.#storeUnknown(item, arrival, work, pacer);
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
    }
    await this.#readAgain(work, pacer);
    await this.#refresher.refresh(work, pacer);
  }

  /** Looks again at everything that shows these records, which are here now, or no longer, or again. */
  async reread(records: readonly Cid[], pacer: Pacer): Promise<void> {
    const work: EntryWork = {
      // No row of a deposit is made for the first time here.
      arrival: -1,
      assets: new Map(),
      sets: new Map(),
      reread: new Set(records),
    };
    await this.#readAgain(work, pacer);
    await this.#refresher.refresh(work, pacer);
  }

  /** Says whether records may have been erased since the last call. */
  takeErased(): boolean {
    const hasErased = this.#hasErased;
    this.#hasErased = false;
    return hasErased;
  }

  /** To be called before a transaction ends. */
  writeCounts(): void {
    this.#tally.write();
  }

  /** To be called when a transaction was undone: nothing of it may be remembered. */
  forget(): void {
    this.#assets.forget();
    this.#statements.forget();
    this.#collections.forget();
    this.#classes.forget();
    this.#tally.forget();
    this.#refresher.forget();
    this.moves.forget();
  }

  async #store(
    item: StandingStatement,
    arrival: Arrival,
    work: EntryWork,
    pacer: Pacer,
  ): Promise<void> {
    const { kind, about } = item.statement;
    const subject = await this.#subjectOf(about, DESCRIBING.has(kind), work, pacer);
    // Who witnesses is found out here, from checkpoints, so it never depends on when one looked.
    const standing = { ...item, witnesses: [] };
    if (about === null ? ABOUT_NOTHING.has(kind) : isAssetKind(kind)) {
      const id = this.#statements.add(arrival.number, standing, subject);
      this.#signers.add(id, item);
      const touched = subject.asset === null ? undefined : work.assets.get(subject.asset);
      touched?.own?.known.push(standing);
      if (kind === 'deposit') touched?.deposits.set(item.id, id);
      if (item.statement.kind === 'erasure') this.#erasures.add(id, item.statement.body.records);
      await this.#attest(id, item, subject, work, pacer);
    }
    await this.#follow(item, subject, arrival, work, pacer);
  }

  async #storeUnknown(
    item: UnknownStatement,
    arrival: Arrival,
    work: EntryWork,
    pacer: Pacer,
  ): Promise<void> {
    if (item.about === null) return;
    const subject = await this.#subjectOf(item.about, false, work, pacer);
    this.#statements.addUnknown(arrival.number, arrival.entry, item, subject);
    if (subject.asset !== null) work.assets.get(subject.asset)?.own?.unknown.push(item);
  }

  /** Stores what a statement is to set attestations and their samples. */
  async #attest(
    id: number,
    standing: StandingStatement,
    subject: Subject,
    work: EntryWork,
    pacer: Pacer,
  ): Promise<void> {
    const { statement } = standing;
    const { about } = statement;
    if (statement.kind === 'review') {
      const changed = this.#attestations.review(id, standing, statement.body, subject.asset);
      for (const set of changed) touchSet(set, false, work);
    }
    if (statement.kind !== 'attestation' || subject.set === null) return;
    if (about === null || !('set' in about)) return;
    const set = { id: subject.set, cid: about.set };
    await this.#attestations.add(id, standing, statement.body, set, pacer);
  }

  /** Does what a statement calls for beside being stored. */
  async #follow(
    standing: StandingStatement,
    subject: Subject,
    { number }: Arrival,
    work: EntryWork,
    pacer: Pacer,
  ): Promise<void> {
    const { statement } = standing;
    switch (statement.kind) {
      case 'release':
        if (subject.set !== null) this.#sets.release(subject.set);
        return;
      case 'collection':
        this.#collections.describe(statement.body.collection);
        return;
      case 'derivation':
      case 'rendition':
        if (subject.asset === null) return;
        this.#edges.add(this.#touch(statement.body.parent, work), subject.asset);
        return;
      case 'finding':
        if (subject.asset === null) return;
        this.#manifests.add(subject.asset, statement.body.findings, {
          isOwn: standing.organisation === this.#ledger.self.organisation,
        });
        return;
      case 'checkpoint': {
        const seen = await this.#witnesses.add(number, standing, statement.body, pacer);
        for (const id of seen.assets) this.#touchNumber(id, false, work);
        for (const set of seen.sets) touchSet(set, false, work);
        const { confirmed: first } = seen;
        const { author, entry } = standing;
        if (first !== undefined) {
          this.#attestations.cosign(author, statement.body.root, { first, carrier: entry });
        }
        for (const set of this.#attestations.rewitnessed()) touchSet(set, false, work);
        return;
      }
      case 'erasure':
        for (const record of statement.body.records) work.reread.add(record);
        return;
    }
  }

  /** Looks again at everything that shows records which may be otherwise than they were. */
  async #readAgain(work: EntryWork, pacer: Pacer): Promise<void> {
    if (work.reread.size === 0) return;
    this.#hasErased = true;
    for (const record of work.reread) this.#collections.reread(record);
    for (const id of this.#rows.assetsShowing(work.reread)) {
      if (id !== undefined) this.#touchNumber(id, true, work);
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
    }
    for (const carried of this.#erasures.carriedIn(work.reread)) {
      if (carried !== undefined) this.#signers.reread(carried.id, carried.envelope);
      if (carried?.asset != null) this.#touchNumber(carried.asset, false, work);
      if (carried?.set != null) touchSet(carried.set, false, work);
      const turn = pacer.tick();
      if (turn !== undefined) await turn;
    }
  }

  async #subjectOf(
    about: About,
    isDescribed: boolean,
    work: EntryWork,
    pacer: Pacer,
  ): Promise<Subject> {
    if (about === null) return NOTHING;
    if ('asset' in about) {
      return { asset: this.#touch(about.asset, work, isDescribed), set: null };
    }
    const known = this.#sets.find(about.set);
    const set =
      known ?? (await this.#sets.add(about.set, await this.#ledger.setMembers(about.set), pacer));
    touchSet(set, isDescribed, work);
    return { asset: null, set };
  }

  #touch(cid: Cid, work: EntryWork, isDescribed = false): number {
    const known = this.#assets.find(cid);
    const id = known ?? this.#assets.add(cid);
    const touched = work.assets.get(id);
    if (touched !== undefined) {
      touched.isDescribed ||= isDescribed;
      return id;
    }
    const own = known === undefined ? { known: [], unknown: [] } : undefined;
    work.assets.set(id, { cid, isDescribed, deposits: new Map(), own });
    return id;
  }

  #touchNumber(id: number, isDescribed: boolean, work: EntryWork): void {
    const cid = this.#assets.cidOf(id);
    if (cid !== undefined) this.#touch(cid, work, isDescribed);
  }
}

function touchSet(set: number, isDescribed: boolean, work: EntryWork): void {
  work.sets.set(set, isDescribed || work.sets.get(set) === true);
}

/** Returns an entry's statements in the order of its batch. */
function inPlace(arrival: Arrival): readonly (StandingStatement | UnknownStatement)[] {
  if (arrival.unknown.length === 0) return arrival.standing;
  return [...arrival.standing, ...arrival.unknown].sort((a, b) => placeOf(a.id) - placeOf(b.id));
}
