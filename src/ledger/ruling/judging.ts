import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { JudgingContext } from '../../core/entries/judge.ts';
import { verifySignature } from '../keys/verify-signature.ts';
import { sha256 } from '../sha256.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import type { Position } from '../tables/stored-entry.ts';
import type { Ancestry } from './ancestry.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import type { Governing } from './governing.ts';
import { newestOf } from './newest-of.ts';

/** Blocks and sets that came with an entry and are not stored yet. */
export interface Arriving {
  readonly blocks: ReadonlyMap<Cid, Uint8Array>;
  /** Number of members by set; 0 for a broken one. */
  readonly sets: ReadonlyMap<Cid, number>;
}

const NOTHING_ARRIVING: Arriving = { blocks: new Map(), sets: new Map() };

/** Answers what the rules for judging statements ask, from the stored log. */
export class Judging {
  readonly #identity: ArchiveIdentity;
  readonly #store: LedgerStore;
  readonly #ancestry: Ancestry;
  readonly #governing: Governing;

  constructor(
    identity: ArchiveIdentity,
    store: LedgerStore,
    ancestry: Ancestry,
    governing: Governing,
  ) {
    this.#identity = identity;
    this.#store = store;
    this.#ancestry = ancestry;
    this.#governing = governing;
  }

  /** Returns the context of one entry, by its author and its parents. */
  of(
    entry: {
      readonly author: Did;
      readonly parents: readonly Position[];
      readonly inline: boolean;
    },
    arriving = NOTHING_ARRIVING,
  ): JudgingContext {
    const store = this.#store;
    const isInPast = (past: Position | undefined) =>
      past !== undefined && this.#ancestry.isInPast(past, entry.parents);
    return {
      address: this.#identity.address,
      charter: this.#identity.charterCid,
      author: entry.author,
      inline: entry.inline,
      past: this.#governing.in(this.#governing.pastOver(entry.parents)),
      newestOf: (keys) => newestOf(keys, entry.parents, store, this.#ancestry),
      isInPast: ({ entry: hash, place }) => {
        const past = store.position(hash);
        return isInPast(past) && (place === undefined || place < (past?.statements ?? 0));
      },
      isWholeSet: (set) => (arriving.sets.get(set) ?? store.setSize(set) ?? 0) > 0,
      block: (cid) => arriving.blocks.get(cid) ?? store.block(cid),
      isRepetition: (once) =>
        store.carriersOf(once).some((arrival) => isInPast(store.positionAt(arrival))),
      verify: verifySignature,
      sha256,
    };
  }
}
