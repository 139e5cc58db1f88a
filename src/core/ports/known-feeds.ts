import type { Did } from '../entries/did-key.ts';
import type { Frontier } from '../merkle/tree.ts';
import type { FeedHead, Leaf } from './ledger-feed.ts';

/** What this node has seen of another node's arrival log. */
export interface KnownFeed {
  readonly peer: Did;
  /** The newest head seen. */
  readonly head: FeedHead;
  /** How far it is taken: every leaf before is here, or was skipped. */
  readonly taken: Frontier;
}

/** A leaf of another node's feed that no node will ever accept, or that builds on one. */
export interface SkippedLeaf {
  readonly leaf: Leaf;
  readonly reason: string;
}

/** What was skipped of the feeds of one peer. */
export interface Skips {
  readonly peer: Did;
  readonly count: number;
  /** Of one of them. */
  readonly reason: string;
}

/** How far a feed is taken, and what was skipped since it was last told. */
export interface Taken {
  readonly origin: string;
  readonly frontier: Frontier;
  readonly skipped: readonly SkippedLeaf[];
}

/** Two heads signed by one key that cannot both be of one honest node. */
export interface Contradiction {
  readonly peer: Did;
  /**
   * `rewritten`: one tree with two histories. `copied-key`: two trees of one key that both go on,
   * so the key is in use in two places.
   */
  readonly sort: 'rewritten' | 'copied-key';
  /** The two signed notes. */
  readonly notes: readonly [string, string];
  /** The operator has seen it and said to go on. */
  readonly settled: boolean;
}

/** What this node remembers of the arrival logs of others (ledger.md §6, §7). All of it is durable. */
export interface KnownFeeds {
  /** Returns what is known of the feed of this origin. */
  feed(origin: string): KnownFeed | undefined;

  /** Returns the feed of the key that was begun last: after a restore, a home begins another one. */
  newestFeed(peer: Did): KnownFeed | undefined;

  /** Remembers a head that was found to go on from what was seen before, or that begins a feed. */
  saw(peer: Did, head: FeedHead): void;

  /** Says whether the leaf was skipped in the feed of this origin. */
  isSkipped(origin: string, leaf: Leaf): boolean;

  /** Returns what was skipped, by peer. */
  skips(): readonly Skips[];

  /** Keeps the evidence of a contradiction; the same one only once. */
  accuse(contradiction: Omit<Contradiction, 'settled'>): void;

  /** Returns the contradictions that were seen, in the order in which they were. */
  contradictions(): readonly Contradiction[];

  /** Says that the operator knows of the key's contradictions. Its feeds are taken anew from the start. */
  settle(peer: Did): void;
}
