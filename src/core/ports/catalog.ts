import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import type { Distances, Likeness } from '../likeness/likeness.ts';
import type { Abstraction } from '../policy/abstraction/abstract-facts.ts';
import type { Level, Policy } from '../policy/documents.ts';
import type { GateName } from '../policy/gates.ts';
import type { Purpose, Requester } from '../policy/purposes.ts';
import type { Question } from '../policy/question.ts';
import type { KnownTaint } from '../policy/taint.ts';
import type { AssetFacts, StandingStatement } from '../provenance/facts.ts';
import type { AssetDeposit, CollectionAccess } from '../sharing/readership.ts';
import type { ReplicaPolicy } from '../sharing/replica-policy.ts';
import type { EntryHash, StatementId } from '../statements/fields.ts';
import type { BodyOf } from '../statements/kinds.ts';
import type { DepositRecord } from '../statements/record.ts';
import type { Finding } from './inspector.ts';

export type AssetStatus = 'deposited' | 'synthetic' | 'withdrawn' | 'removed';

/** One deposit of an asset as people see it; a deposit whose record is erased has empty texts. */
export interface DepositView {
  readonly id: string;
  readonly at: string;
  readonly organisation: string;
  readonly title: string;
  readonly filename: string;
  readonly makers: readonly string[];
  readonly dateText: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly licence: string | null;
  readonly source: string;
  readonly collection: string;
  readonly work: string | null;
  readonly part: number | null;
  /** Salted id of the place in the collection that was offered. */
  readonly item: string;
}

export interface FindingView {
  readonly inspector: string;
  readonly version: number;
  readonly outcome: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Kinds whose statements are listed, whatever they are about. */
export type ListedKind =
  | 'acknowledgement'
  | 'certification'
  | 'consent'
  | 'dispute'
  | 'erasure'
  | 'evidence'
  | 'flag'
  | 'hold'
  | 'model'
  | 'release'
  | 'quarantine'
  | 'removal'
  | 'review'
  | 'synthetic'
  | 'takedown';

/** Another asset that looks, reads or sounds alike. */
export interface AlikeAsset {
  readonly cid: Cid;
  readonly likeness: Likeness;
  readonly distances: Distances;
}

/** Two assets of which the one's credential names the other's manifest as that of an ingredient. */
export interface IngredientLink {
  readonly parent: Cid;
  readonly child: Cid;
  readonly relation: BodyOf<'derivation'>['relation'];
}

/** One asset with everything `show` prints. */
export interface AssetView {
  readonly cid: Cid;
  readonly size: number;
  readonly sha256: string;
  readonly mediaType: string;
  /** Of the first deposit that has one, as last described; each deposit's own is in `deposits`. */
  readonly title: string;
  /** Everybody whom any deposit names. */
  readonly creators: readonly string[];
  /** Of the first deposit, or of the newest licence statement about it. */
  readonly licence: string | null;
  readonly status: AssetStatus;
  readonly work: WorkOfAsset | null;
  readonly deposits: readonly DepositView[];
  readonly findings: readonly FindingView[];
}

export interface AssetFilter {
  /** Words over title, maker, filename, tags and notes; every word must occur (prefixes with `*`). */
  readonly text?: string;
  readonly collection?: string;
  /** `image/png`, or `image` for every image. */
  readonly media?: string;
  readonly licence?: string;
  readonly maker?: string;
  /** Only parts of this work, as {@link WorkOfAsset.id} names it. */
  readonly work?: string;
  /** Only assets about which this key has signed, as {@link Catalog.hasSigned} says. */
  readonly signer?: string;
  readonly status?: AssetStatus;
  /** The first year in which it may have been made, by the deposits that say when. */
  readonly year?: number;
  /** Only assets whose verdict is this, now; with a level or the gate that fails first, those alone. */
  readonly verdict?: {
    readonly is?: VerdictWord;
    readonly level?: Level;
    readonly gate?: GateName;
    readonly purpose: Purpose;
    readonly policy: string;
    readonly requester: Requester;
    readonly at: string;
  };
}

/** What an asset is a part of: a page of a book, a frame of a film, a detail of a painting. */
export interface WorkOfAsset {
  /** Stands for the depositing organisation and the salted id that its deposit gives. */
  readonly id: string;
  /** Its place among the parts, where its deposit says one. */
  readonly part: number | null;
  /** How many parts the archive has; null where that is not for the reader. */
  readonly parts: number | null;
}

export interface AssetSummary {
  readonly cid: Cid;
  readonly size: number;
  readonly mediaType: string;
  readonly title: string;
  readonly creators: readonly string[];
  readonly licence: string | null;
  readonly status: AssetStatus;
  /** By the first of its deposits that names one. */
  readonly work: WorkOfAsset | null;
}

/** How a listing is put together. */
export interface Gathering {
  /** Of the parts of one work only the first is told, of those that match. */
  readonly by?: 'work';
}

export interface AssetPage {
  readonly assets: readonly AssetSummary[];
  /** Give it to the next call; undefined on the last page. */
  readonly cursor: string | undefined;
}

/** How many assets have a value. */
export interface FacetValue {
  /** As a filter takes it. */
  readonly value: string;
  readonly assets: number;
}

/** Of what a filter finds: how many have which value, the most frequent first, at most 50 of each; years in order. */
export interface AssetFacets {
  readonly assets: number;
  readonly media: readonly FacetValue[];
  readonly licence: readonly FacetValue[];
  readonly collection: readonly FacetValue[];
  readonly maker: readonly FacetValue[];
  readonly year: readonly FacetValue[];
  readonly level: readonly FacetValue[];
  /** The gate that fails first, of what is not eligible. */
  readonly gate: readonly FacetValue[];
}

/** What ingest asks about one offered item. */
export interface KnownItem {
  readonly asset: Cid;
  readonly deposit: string;
  /** The record as last described. */
  readonly record: DepositRecord | undefined;
  readonly licence: string | null;
  /** Whether a declaration or custody statement of this organisation covers the asset. */
  readonly declared: boolean;
  readonly custody: boolean;
}

/** What narrows a selection for a release. What an asset does not tell, it is not selected by. */
export interface SelectionFilter extends Omit<AssetFilter, 'verdict'> {
  /** Of the asset's bytes, both included. */
  readonly bytes?: { readonly least: number; readonly most: number };
  /** The least level of evidence. */
  readonly level?: Level;
  /** Language tag of the description, `en` for `en-GB` too. */
  readonly language?: string;
  /** All of the time in which it may have been made lies in these years, both included. */
  readonly years?: { readonly from: number; readonly to: number };
  /** All of them, whatever their letter case. */
  readonly tags?: readonly string[];
}

/** The first rule that keeps an asset from being eligible, and the code of its reason. */
export interface FailedRule {
  readonly rule: string;
  readonly code: string;
}

/** A maker as deposits name one. */
export interface ReleaseMaker {
  /** The salted commitment that stands in the ledger. */
  readonly id: string;
  /** Empty where the record with the name is erased. */
  readonly name: string;
}

/** An asset that a release may take, with what its shard and sidecar need. */
export interface ReleaseCandidate {
  readonly cid: Cid;
  readonly size: number;
  readonly sha256: string;
  readonly mediaType: string;
  readonly title: string;
  readonly makers: readonly ReleaseMaker[];
  readonly licence: string;
  readonly source: string;
  readonly work: string | null;
  /** Which work it was made from by a fixed recipe, if it was. */
  readonly rendition: { readonly of: Cid; readonly recipe: string } | null;
  /** Its first deposit, and when that was made. */
  readonly deposit: StatementId;
  readonly deposited: string;
  /** Of a picture in pixels, as stored; 0 where no inspector could tell. */
  readonly width: number;
  readonly height: number;
  /** When it was made: as a catalogue has it, and the days that this can mean; empty where nothing is said. */
  readonly made: { readonly text: string; readonly earliest: string; readonly latest: string };
  /** Standing consents that allow the purpose that is asked for, on a condition or without. */
  readonly consents: readonly StatementId[];
  /** Records that title, names and source come from. */
  readonly records: readonly Cid[];
  readonly level: Level;
  /** The level rests on the word of an institution that no other organisation vetted. */
  readonly selfVetted: boolean;
  readonly validUntil: string | null;
}

/** A set attestation whose items could be read, with what its sample showed (policy.md §3). */
export interface AttestationView {
  readonly id: StatementId;
  readonly organisation: string;
  readonly institution: string;
  readonly set: Cid;
  readonly assets: number;
  readonly outcome: 'none' | 'clean' | 'defect';
  /** Items that were looked at without a defect. */
  readonly size: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** Reviews that found a defect after the sample was clean. */
  readonly defects: readonly StatementId[];
  /** Null while no checkpoint after it is confirmed by another organisation. */
  readonly seed: string | null;
}

/** An attempt that is to be judged, and draws of it that nobody has judged yet. */
export interface NextDraws {
  readonly seed: string;
  readonly size: number;
  /** Entry of the checkpoint that the seed comes from. */
  readonly checkpoint: EntryHash;
  readonly judged: number;
  readonly draws: readonly {
    readonly draw: number;
    /** Place in the set. */
    readonly place: number;
    readonly asset: Cid;
    /** What the institution says of it: the URI of its digital source type, its maker, and its date. */
    readonly sourceType: string;
    readonly maker: 'living' | 'dead' | 'unknown';
    readonly date: string;
  }[];
}

/** A release that the ledger records. */
export interface ReleaseView {
  readonly release: Cid;
  readonly policy: Cid;
  readonly purpose: Purpose;
  readonly requester: Requester;
  /** Hash of the entry that names the state it was decided at. */
  readonly state: EntryHash;
  readonly at: string;
  readonly assets: number;
  readonly bytes: number;
}

/** An asset that a release holds and no release could take now. */
export interface LapsedMember {
  readonly asset: Cid;
  /** Code of the first rule that fails (policy.md §6). */
  readonly reason: string;
  /** A removal stands: its bytes are to be destroyed. */
  readonly isRemoved: boolean;
}

/** Counts of assets by the gate or rule that is the headline of their verdict. */
export interface VerdictCounts {
  readonly eligible: number;
  readonly hold: number;
  readonly ineligible: number;
  /** By rule and code of the first failing rule, most frequent first. */
  readonly headlines: readonly {
    readonly gate: string;
    readonly rule: string;
    readonly code: string;
    readonly assets: number;
  }[];
}

/** Assets about which the rules see the same, and what two policies say of them. */
export interface ClassComparison {
  readonly assets: number;
  readonly before: HeadlinedVerdict;
  readonly after: HeadlinedVerdict;
}

export interface HeadlinedVerdict {
  readonly verdict: VerdictWord;
  /** The first rule that fails; undefined for an eligible asset. */
  readonly headline: { readonly rule: string; readonly code: string } | undefined;
}

/** What says who may have the bytes of an asset. */
export interface AssetAccess {
  readonly size: number;
  readonly mediaType: string;
  /** `withdrawn` also where it is a rendition of a work that is. */
  readonly status: AssetStatus;
  /** A takedown, removal, erasure or quarantine of it, or of the work that it is a rendition of, is open. */
  readonly isStopped: boolean;
  /** One for each organisation and collection that it was deposited by and in, the first to arrive first. */
  readonly deposits: readonly AssetDeposit[];
}

/** What a replica is to hold. */
export interface WantedBy {
  /** All of them must cover an asset. */
  readonly policies: readonly ReplicaPolicy[];
  /** Name of the policy by which `eligible` is decided. */
  readonly policy: string;
  /** The moment at which it is asked. */
  readonly at: () => string;
}

export interface WantedAsset {
  readonly cid: Cid;
  readonly size: number;
}

/** What a replica is to hold, told once, and then what joins it. */
export interface WantedFeed {
  /**
   * Looks at up to `limit` assets more and returns those that are wanted; after `isEnd` there is
   * nothing new until entries are projected or time passes. An asset can be told several times.
   *
   * @throws {ArchiveError} `policy_unknown`.
   */
  next(limit: number): { readonly assets: readonly WantedAsset[]; readonly isEnd: boolean };
}

/** An asset on which the verdict is another than before an entry came. */
export interface VerdictChange {
  readonly asset: Cid;
  /** Arrival number of the entry. */
  readonly arrival: number;
  /** Null if it was no asset of the archive's. */
  readonly before: VerdictWord | null;
  readonly after: VerdictWord | null;
}

/** The question by which changes of verdicts are told; `at` is asked when they are. */
export interface WatchedQuestion {
  readonly purpose: Purpose;
  readonly policy: string;
  readonly requester: Requester;
  readonly at: () => string;
}

export type VerdictWord = 'eligible' | 'hold' | 'ineligible';

/** What a projection has changed. */
export interface CatalogNews {
  /** Arrival number of the next entry to project; whatever is below shows in every answer. */
  readonly next: number;
  /** By the question that is watched, in the order of arrival. What time alone changes is not told. */
  readonly verdicts: readonly VerdictChange[];
  /** Verdicts on other assets may have changed as well: too many did, or the catalog was made anew. */
  readonly isCut: boolean;
}

/**
 * A disposable projection of the ledger, for questions. Nothing is true only here: it can be deleted
 * and comes back row for row.
 */
export interface Catalog {
  /**
   * Projects every entry the ledger has and the catalog has not, and returns how many that were.
   * Each page of entries and the cursor move in one transaction.
   */
  catchUp(options?: { readonly signal?: AbortSignal }): Promise<number>;

  /**
   * Makes the catalog anew from the ledger, beside the old one, which answers until then; returns how
   * many entries it holds. @throws {ArchiveError} `disk_full`, `aborted`; the old one stays then.
   */
  rebuild(options?: { readonly signal?: AbortSignal }): Promise<number>;

  /**
   * Calls `onNews` after every projection that changed something, until disposed, with the verdicts by
   * this question that it changed. The callback must not throw.
   */
  watch(asked: WatchedQuestion, onNews: (news: CatalogNews) => void): Disposable;

  /** Returns an asset that was deposited or registered as generated. */
  asset(cid: Cid): AssetView | undefined;

  /** Returns what stands about an asset that any statement names, deposited or not. */
  facts(cid: Cid): AssetFacts | undefined;

  /**
   * Returns what a verdict on the asset depends on, with the statements it stands for: what
   * `abstractFacts` makes of its facts in this state, parents' taint included.
   */
  abstraction(cid: Cid): Abstraction | undefined;

  /**
   * Returns for which of these purposes an asset is eligible that was deposited or registered as generated;
   * undefined for another. What is decided is kept with the time for which it holds, so that asking again is
   * a look-up.
   *
   * @throws {ArchiveError} `policy_unknown`.
   */
  eligibleFor(
    cid: Cid,
    asked: Omit<NonNullable<AssetFilter['verdict']>, 'is' | 'purpose'>,
    purposes: readonly Purpose[],
  ): ReadonlySet<Purpose> | undefined;

  /**
   * Returns what was deposited last in places of a collection, all by their salted ids; nothing for
   * places in which nothing was deposited.
   */
  items(collection: string, items: readonly string[]): ReadonlyMap<string, KnownItem>;

  /**
   * Returns the assets that are like this one by what the inspector `fingerprints` found, the likest
   * first; `fresh` are findings that are not projected yet. A few milliseconds for a million codes,
   * which lie in memory once they have been asked for.
   */
  alike(
    cid: Cid,
    fresh?: readonly Pick<Finding, 'inspector' | 'facts'>[],
  ): Promise<readonly AlikeAsset[]>;

  /**
   * Returns which assets this one was made from, and which were made from it, as far as Content Credentials
   * name them; `fresh` are findings that are not projected yet. One look-up for each ingredient.
   */
  ingredientLinks(
    cid: Cid,
    fresh?: readonly Pick<Finding, 'inspector' | 'facts'>[],
  ): readonly IngredientLink[];

  /**
   * Returns how much generated work an asset stems from, and the way to it; undefined for one that no
   * statement names.
   */
  taintOf(cid: Cid): KnownTaint | undefined;

  /** Returns up to `limit` of the assets that are said to be made from this one, the first spoken of first. */
  madeFrom(cid: Cid, limit: number): readonly Cid[];

  /** Says whether an asset was deposited or registered as generated. */
  has(cid: Cid): boolean;

  /** Returns those of the assets that were deposited or registered as generated. */
  known(cids: readonly Cid[]): ReadonlySet<Cid>;

  /**
   * Returns up to `limit` (1 to 10,000) assets that match, in the order in which they were first
   * spoken of. A page can be shorter, even empty, and still have a cursor: then many assets were
   * looked at and few matched. There is no more only when there is no cursor. By work, each work is looked into
   * once for a page, up to its first part that matches.
   *
   * @throws {ArchiveError} `usage_invalid` for a cursor that was not given out for this filter, a
   * limit out of range, or a text of more than 10,000 characters; `policy_unknown`.
   */
  list(
    filter: AssetFilter,
    page: { readonly limit: number; readonly cursor?: string } & Gathering,
  ): AssetPage;

  /**
   * Returns how many assets match. At once for most filters of one condition; others take a look at
   * those of the rarest condition or, if they are many, at all, letting other work have its turn: a
   * second or two for a million.
   */
  count(
    filter: AssetFilter,
    options?: { readonly signal?: AbortSignal } & Gathering,
  ): Promise<number>;

  /**
   * Returns how what matches is made up, with the verdicts by the question `asked`. Looks at every asset,
   * letting other work have its turn: a quarter of a second for a hundred thousand.
   *
   * @throws {ArchiveError} `policy_unknown`, `usage_invalid`, `aborted`.
   */
  facets(
    filter: AssetFilter,
    asked: Omit<NonNullable<AssetFilter['verdict']>, 'is' | 'level' | 'gate'>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<AssetFacets>;

  /**
   * Returns the cursor after the first `skip` assets that match; undefined for none of them, and beyond the
   * last the cursor after it. Costs as {@link Catalog.count}.
   */
  cursorAfter(
    filter: AssetFilter,
    skip: number,
    options?: { readonly signal?: AbortSignal } & Gathering,
  ): Promise<string | undefined>;

  /** Returns the collections that any statement names; a name that is not here or erased is empty. */
  collections(): readonly { readonly id: string; readonly name: string; readonly assets: number }[];

  /**
   * Says whether a key has signed a declaration or consent, about this asset or about any, which the
   * home's own organisation has recorded and which is not erased.
   */
  hasSigned(key: Did, asset?: Cid): boolean;

  /** Returns who may have an asset that was deposited or registered as generated. */
  access(cid: Cid): AssetAccess | undefined;

  /**
   * Says whether a release that was cut for anyone has only assets that anybody may have. Of more than 2,000
   * assets the first question has them looked at beside other work, some seconds for 100,000, and the answer is no
   * until then; what changes is looked at alone.
   */
  isPublicRelease(release: Cid): boolean;

  /**
   * Says whether {@link Catalog.isOpenRelease} said yes when it was known last, and is being found out again since
   * much has changed: a no means *not now* then.
   */
  isReleaseUnderReview(release: Cid): boolean;

  /** Says whether this home's own organisation has recorded a release, and not others alone. */
  isOwnRelease(release: Cid): boolean;

  /**
   * Says whether a release that was cut for anyone has only assets of public collections, withdrawn or not:
   * whoever asks may read what is left of it. Of large ones as {@link Catalog.isPublicRelease}.
   */
  isOpenRelease(release: Cid): boolean;

  /** Returns who may read what an organisation deposits in a collection, by its salted id. */
  collectionAccess(collection: string, organisation: string): CollectionAccess;

  /** Returns what organisations have said of who may read their collections, by both names. */
  collectionAccesses(): ReadonlyMap<string, CollectionAccess>;

  /**
   * Begins to tell what a replica is to hold. Looks at every asset once, and then at those of which
   * something new is said, so that asking again costs what has changed.
   */
  wanted(want: WantedBy): WantedFeed;

  /** Returns the verdicts on all assets, counted. @throws {ArchiveError} `policy_unknown`. */
  counts(verdict: NonNullable<AssetFilter['verdict']>): VerdictCounts;

  /**
   * Yields the standing statements of a kind in the order of their arrival, a page at a time. What is
   * projected meanwhile may be missing; what ended a statement is told by the facts of its assets.
   */
  said(kind: ListedKind): Generator<StandingStatement, void>;

  /** Yields the receipts of those who pulled a release, as {@link Catalog.said} does. */
  receiptsOf(release: Cid): Generator<StandingStatement, void>;

  /** Returns the set attestations, in the order of their entries' clocks. */
  attestations(): readonly AttestationView[];

  /** Returns one of them; undefined if there is none of that name, or its items could not be read. */
  attestation(id: StatementId): AttestationView | undefined;

  /**
   * Returns up to `limit` draws of an attestation's sample that are to be judged next. None are left
   * where all are judged and one is a defect that a larger attempt cannot leave out. Undefined if there
   * is no such attestation, no seed yet, or nothing more to judge.
   */
  nextDraws(attestation: StatementId, limit: number): NextDraws | undefined;

  /**
   * Decides every class of assets twice, as asked and with another policy. Assets that are projected
   * meanwhile may be missing.
   */
  compare(asked: Question, other: Policy): Iterable<ClassComparison>;

  /** Returns the releases the ledger records, in order of first arrival. */
  releases(): readonly ReleaseView[];

  /**
   * Returns what a release holds and is not eligible by this question, or is withdrawn from everything,
   * in no order. Looks at every member, some 100 ms for 100,000, while others get their turn: what is
   * projected meanwhile may be in the answer or not. A member of two of its sets is named twice.
   *
   * @throws {ArchiveError} `policy_unknown`.
   */
  lapsed(
    release: Cid,
    verdict: Omit<NonNullable<AssetFilter['verdict']>, 'is'>,
  ): Promise<readonly LapsedMember[]>;

  /** Returns the recorded releases that an asset is in, in order of first arrival. */
  releasesWith(asset: Cid): readonly Cid[];

  /**
   * Streams the assets whose verdict is eligible, sorted by the text of their CIDs, in constant
   * memory. All of it is of the moment at which the first is asked for, whatever is projected
   * meanwhile. Where an asset has no licence (a consent allows it), `licence` is empty.
   *
   * @throws {ArchiveError} `policy_unknown`.
   */
  candidates(
    filter: SelectionFilter,
    verdict: Omit<NonNullable<AssetFilter['verdict']>, 'is'>,
  ): Iterable<ReleaseCandidate>;

  /**
   * Yields for each asset that the filter finds and that is not eligible why it is not. Looks at every
   * asset, as {@link Catalog.candidates} does.
   *
   * @throws {ArchiveError} `policy_unknown`.
   */
  leftOut(
    filter: SelectionFilter,
    verdict: Omit<NonNullable<AssetFilter['verdict']>, 'is'>,
  ): Iterable<FailedRule>;
}
