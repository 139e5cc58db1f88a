import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import type { Abstraction } from '../policy/abstraction/abstract-facts.ts';
import type { Policy } from '../policy/documents.ts';
import type { Purpose } from '../policy/purposes.ts';
import type { Question } from '../policy/question.ts';
import type { KnownTaint } from '../policy/taint.ts';
import type { AssetFacts, StandingStatement } from '../provenance/facts.ts';
import type { CollectionAccess } from '../sharing/readership.ts';
import type { StatementId } from '../statements/fields.ts';
import type { DepositRecord } from '../statements/record.ts';
import type { AssetFacets, AssetFilter, AssetPage, Gathering, ListedKind } from './asset-lists.ts';
import type { AlikeAsset, AssetView, IngredientLink } from './asset-views.ts';
import type { Finding } from './inspector.ts';
import type {
  FailedRule,
  LapsedMember,
  ReleaseCandidate,
  ReleaseView,
  SelectionFilter,
} from './release-candidates.ts';
import type { AssetAccess, CopyOutline, WantedBy, WantedFeed } from './replica-wants.ts';
import type { AttestationView, NextDraws } from './set-attestations.ts';
import type {
  CatalogNews,
  ClassComparison,
  VerdictCounts,
  WatchedQuestion,
} from './verdict-news.ts';

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

  /** Returns a text that stays the same for as long as nothing is projected. */
  version(): string;

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
   * those of the rarest condition or, if they are many, at all, beside other work: a second or two for a million.
   *
   * @throws {ArchiveError} `busy` where too many such questions wait; `policy_unknown`, `usage_invalid`, `aborted`.
   */
  count(
    filter: AssetFilter,
    options?: { readonly signal?: AbortSignal } & Gathering,
  ): Promise<number>;

  /**
   * Returns how what matches is made up, with the verdicts by the question `asked`. Looks at every asset,
   * beside other work: a quarter of a second for a hundred thousand.
   *
   * @throws {ArchiveError} `busy` where too many such questions wait; `policy_unknown`, `usage_invalid`, `aborted`.
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

  /** Returns for each of these assets what is known of a node's copy of it: some look-ups for all of them together. */
  copies(node: Did, assets: readonly Cid[]): ReadonlyMap<Cid, CopyOutline>;

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
   * in no order. Looks at every member once, some 100 ms for 100,000, and when time alone may have changed
   * a verdict; else at those that changed since. Others get their turn: what is projected meanwhile may be in
   * the answer or not.
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
