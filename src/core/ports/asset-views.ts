import type { Cid } from '../cid.ts';
import type { Distances, Likeness } from '../likeness/likeness.ts';
import type { BodyOf } from '../statements/kinds.ts';

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

/** What an asset is a part of: a page of a book, a frame of a film, a detail of a painting. */
export interface WorkOfAsset {
  /** Stands for the depositing organisation and the salted id that its deposit gives. */
  readonly id: string;
  /** Its place among the parts, where its deposit says one. */
  readonly part: number | null;
  /** How many parts the archive has; null where that is not for the reader. */
  readonly parts: number | null;
}
