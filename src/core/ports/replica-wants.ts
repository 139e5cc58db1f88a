import type { Cid } from '../cid.ts';
import type { AssetDeposit } from '../sharing/readership.ts';
import type { ReplicaPolicy } from '../sharing/replica-policy.ts';
import type { AssetStatus } from './asset-views.ts';

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

/** What is known of a node's copy of an asset without a look at all that stands of it. */
export interface CopyOutline {
  /** In which it lies, by their salted ids, each once. */
  readonly collections: readonly string[];
  /**
   * `shown`: it was proven and never refused, so it is proven; `nothing`: neither. What was refused once
   * takes a look at its facts (`lastProof`).
   */
  readonly said: 'nothing' | 'shown' | 'refused';
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
