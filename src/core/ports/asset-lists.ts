import type { Cid } from '../cid.ts';
import type { Level } from '../policy/documents.ts';
import type { GateName } from '../policy/gates.ts';
import type { Purpose, Requester } from '../policy/purposes.ts';
import type { AssetStatus, WorkOfAsset } from './asset-views.ts';
import type { VerdictWord } from './verdict-news.ts';

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
  /** Only assets about which this key has signed, as `Catalog.hasSigned` says. */
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
