import type { Cid } from '../cid.ts';
import type { Abstraction } from '../policy/abstraction/abstract-facts.ts';
import type { Level } from '../policy/documents.ts';
import type { Purpose, Requester } from '../policy/purposes.ts';
import type { AssetFacts } from '../provenance/facts.ts';
import type { DepositRecord } from '../statements/record.ts';

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

/** One asset with everything `show` prints. */
export interface AssetView {
  readonly cid: Cid;
  readonly size: number;
  readonly sha256: string;
  readonly mediaType: string;
  /** Of the newest description of the first deposit; every deposit's own stands in `deposits`. */
  readonly title: string;
  readonly creators: readonly string[];
  readonly licence: string | null;
  readonly status: AssetStatus;
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
  readonly status?: AssetStatus;
  /** Only assets whose verdict is this, now. */
  readonly verdict?: {
    readonly is: 'eligible' | 'hold' | 'ineligible';
    readonly purpose: Purpose;
    readonly policy: string;
    readonly requester: Requester;
    readonly at: string;
  };
}

export interface AssetSummary {
  readonly cid: Cid;
  readonly size: number;
  readonly mediaType: string;
  readonly title: string;
  readonly creators: readonly string[];
  readonly licence: string | null;
  readonly status: AssetStatus;
}

export interface AssetPage {
  readonly assets: readonly AssetSummary[];
  /** Give it to the next call; undefined on the last page. */
  readonly cursor: string | undefined;
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

/** An asset that a release may take, with what its shard and sidecar need. */
export interface ReleaseCandidate {
  readonly cid: Cid;
  readonly size: number;
  readonly sha256: string;
  readonly mediaType: string;
  readonly title: string;
  readonly creators: readonly string[];
  readonly licence: string;
  readonly source: string;
  readonly work: string | null;
  readonly level: Level;
  /** The level rests on the word of an institution that no other organisation vetted. */
  readonly selfVetted: boolean;
  readonly validUntil: string | null;
}

/** A release that the ledger records. */
export interface ReleaseView {
  readonly release: Cid;
  readonly policy: Cid;
  readonly purpose: Purpose;
  readonly requester: Requester;
  /** Hash of the entry that names the state it was decided at. */
  readonly state: string;
  readonly at: string;
  readonly assets: number;
  readonly bytes: number;
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

  asset(cid: Cid): AssetView | undefined;
  facts(cid: Cid): AssetFacts | undefined;

  /**
   * Returns what a verdict on the asset depends on, with the statements it stands for: what
   * `abstractFacts` makes of its facts in this state, parents' taint included.
   */
  abstraction(cid: Cid): Abstraction | undefined;

  item(collection: string, item: string): KnownItem | undefined;
  has(cid: Cid): boolean;

  list(filter: AssetFilter, page: { readonly limit: number; readonly cursor?: string }): AssetPage;
  /**
   * Returns how many assets match. At once for a filter of one condition; one of several looks
   * through the rarest, letting other work have its turn.
   */
  count(filter: AssetFilter, options?: { readonly signal?: AbortSignal }): Promise<number>;
  collections(): readonly { readonly id: string; readonly name: string; readonly assets: number }[];
  counts(verdict: NonNullable<AssetFilter['verdict']>): VerdictCounts;

  /** Returns the releases the ledger records, in order of first arrival. */
  releases(): readonly ReleaseView[];

  /** Streams the assets whose verdict is eligible, sorted by CID. */
  candidates(
    filter: Omit<AssetFilter, 'verdict'>,
    verdict: Omit<NonNullable<AssetFilter['verdict']>, 'is'>,
  ): Iterable<ReleaseCandidate>;
}
