import type { Cid } from '../core/cid.ts';
import type { Did } from '../core/entries/did-key.ts';
import { type Abstraction, decisionKey } from '../core/policy/abstraction/abstract-facts.ts';
import type { Purpose } from '../core/policy/purposes.ts';
import type { KnownTaint } from '../core/policy/taint.ts';
import type { ListedKind } from '../core/ports/asset-lists.ts';
import type { ReleaseView } from '../core/ports/release-candidates.ts';
import type { BodyOf } from '../core/statements/kinds.ts';
import type { Database, Statement as Query } from '../sqlite/database.ts';
import type { FactReader } from './facts/fact-reader.ts';
import { SampleReader } from './facts/sample-reader.ts';
import { parseStored } from './file/damage.ts';
import { OF_INDEXED_KIND } from './file/schema.ts';
import { FilterReader } from './listing/filter-reader.ts';
import type { Listing } from './listing/listing.ts';
import { Selection } from './listing/selection.ts';
import { type LedgerContext, Lineage } from './projecting/lineage.ts';
import type { SourceLedger } from './projecting/source-ledger.ts';
import type { AssetReader } from './reading/asset-reader.ts';
import { CopyReader } from './reading/copy-reader.ts';
import { LapsedMembers } from './reading/lapsed-members.ts';
import { LikenessIndex } from './reading/likeness-index.ts';
import { ReleaseReader } from './reading/release-reader.ts';
import { ReplicaReader } from './reading/replica-reader.ts';
import type { SignerReader } from './reading/signer-reader.ts';
import { classKey } from './rows/class-rows.ts';
import { ManifestRows } from './rows/manifest-rows.ts';
import type { Asked, Verdicts } from './verdicts.ts';

/** Classes of which one asset is looked at when a file is opened. */
const SAMPLES = 64;

/** Everything that is asked of one open file, by the subject of the question. */
export class CatalogReader implements Disposable {
  readonly assets: AssetReader;
  readonly filters: FilterReader;
  readonly listing: Listing;
  readonly selection: Selection;
  readonly verdicts: Verdicts;
  readonly replicas: ReplicaReader;
  readonly copies: CopyReader;
  readonly released: ReleaseReader;
  readonly lapsed: LapsedMembers;
  readonly samples: SampleReader;
  readonly signers: SignerReader;
  readonly likenesses: LikenessIndex;
  readonly manifests: ManifestRows;
  readonly #db: Database;
  readonly #facts: FactReader;
  readonly #lineage: Lineage;
  readonly #collections: Query<{ id: string; name: string; assets: number }>;
  readonly #samples: Query<{ key: string; cid: Cid }>;
  readonly #releases: Query<{ body: string }>;
  readonly #madeFrom: Query<{ cid: Cid }>;
  readonly #version: Query<{ data_version: number }>;
  #releaseViews: readonly ReleaseView[] | undefined;

  constructor(db: Database, ledger: SourceLedger, context: LedgerContext) {
    this.#db = db;
    this.filters = new FilterReader(db, ledger);
    const { facts, assets, verdicts, signers, conditions, listing } = this.filters;
    this.#facts = facts;
    this.assets = assets;
    this.verdicts = verdicts;
    this.signers = signers;
    this.listing = listing;
    this.samples = new SampleReader(db, context);
    this.likenesses = new LikenessIndex(db);
    this.manifests = new ManifestRows(db);
    const attested: LedgerContext['attested'] = (id, asset) => this.samples.item(id, asset);
    this.#lineage = new Lineage({ ...context, attested }, (cid) => this.assets.facts(cid));
    this.replicas = new ReplicaReader(db, this.assets, this.verdicts, ledger.self.organisation);
    this.copies = new CopyReader(db);
    this.released = new ReleaseReader(db);
    this.lapsed = new LapsedMembers(db, this.verdicts);
    this.selection = new Selection(db, this.assets, this.#facts, conditions, this.verdicts);
    this.#collections = db.prepare(
      'SELECT salted AS id, name, assets FROM collections ORDER BY id',
    );
    this.#samples = db.prepare(
      `SELECT key, (SELECT cid FROM assets WHERE class = classes.id LIMIT 1) AS cid
       FROM classes WHERE assets > 0 ORDER BY id DESC LIMIT ${SAMPLES}`,
    );
    this.#version = db.prepare('PRAGMA data_version');
    this.#madeFrom = db.prepare(
      `SELECT cid FROM edges JOIN assets ON assets.id = child
       WHERE parent = (SELECT id FROM assets WHERE cid = ?) ORDER BY child LIMIT ?`,
    );
    this.#releases = db.prepare(
      `SELECT body FROM statements INDEXED BY statements_by_kind
       WHERE kind = 'release' AND ${OF_INDEXED_KIND} ORDER BY id`,
    );
  }

  /** Another one whenever something was committed to the file. */
  get version(): number {
    return this.#version.get()?.data_version ?? 0;
  }

  /** To be called when entries have been projected. */
  forget(): void {
    this.filters.forget();
    this.samples.forget();
    this.#lineage.forget();
    this.replicas.forget();
    this.#releaseViews = undefined;
  }

  /** Returns for what an asset of the archive is eligible: the verdicts on it are those on its class. */
  eligibleFor(
    cid: Cid,
    asked: Omit<Asked, 'purpose'>,
    purposes: readonly Purpose[],
  ): ReadonlySet<Purpose> | undefined {
    const row = this.assets.rowOf(cid);
    if (row === undefined) return undefined;
    const { class: id } = row;
    if (id === null) return new Set();
    return this.verdicts.eligibleFor(id, asked, purposes);
  }

  /** Says whether a key has signed a declaration or consent about an asset. */
  hasSignedAbout(key: Did, cid: Cid): boolean {
    const row = this.assets.rowOf(cid);
    return row !== undefined && this.signers.hasSignedAbout(key, row.id);
  }

  /** Returns what the rules see of an asset that any statement names. */
  abstraction(cid: Cid): Abstraction | undefined {
    const facts = this.assets.facts(cid);
    return facts === undefined ? undefined : this.#lineage.abstract(facts);
  }

  taintOf(cid: Cid): KnownTaint | undefined {
    return this.assets.facts(cid) === undefined ? undefined : this.#lineage.taintOf(cid);
  }

  madeFrom(cid: Cid, limit: number): readonly Cid[] {
    return this.#madeFrom.all(cid, limit).map((row) => row.cid);
  }

  /** Says whether this program puts assets into the classes that they are in; looks at a few. */
  agreesWithRules(): boolean {
    return this.#samples.all().every(({ key, cid }) => {
      const input = this.abstraction(cid)?.input;
      return input !== undefined && classKey(decisionKey(input)) === key;
    });
  }

  collections(): readonly {
    readonly id: string;
    readonly name: string;
    readonly assets: number;
  }[] {
    return this.#collections.all();
  }

  /** Returns a page of the standing statements of a kind. */
  said(kind: ListedKind, after: number): ReturnType<FactReader['ofKind']> {
    return this.#facts.ofKind(kind, after);
  }

  receiptsOf(release: Cid, after: number): ReturnType<FactReader['receiptsOf']> {
    return this.#facts.receiptsOf(release, after);
  }

  /** A release of more assets than a set holds has several statements; it is told once. */
  releases(): readonly ReleaseView[] {
    this.#releaseViews ??= this.#readReleases();
    return this.#releaseViews;
  }

  #readReleases(): readonly ReleaseView[] {
    const releases = new Map<string, ReleaseView>();
    for (const { body } of this.#releases.all()) {
      // Only bodies that were read by the schema of `release` are stored under that kind.
      const { manifest: _manifest, ...release } = parseStored(
        body,
        'a release',
      ) as BodyOf<'release'>;
      const key = `${release.release} ${release.state}`;
      if (!releases.has(key)) releases.set(key, release);
    }
    return [...releases.values()];
  }

  [Symbol.dispose](): void {
    this.replicas[Symbol.dispose]();
    this.#db.close();
  }
}
