import type { Database } from '../sqlite/database.ts';
import type { HomeTree } from './checkpoints/own-checkpoint.ts';
import { Ancestry } from './ruling/ancestry.ts';
import type { ArchiveIdentity } from './ruling/archive-identity.ts';
import { Governing } from './ruling/governing.ts';
import { Judging } from './ruling/judging.ts';
import type { LedgerStore } from './tables/ledger-store.ts';
import { SqliteFeeds } from './tables/sqlite-feeds.ts';

/** What reading, appending and importing share: one connection and the rules of one archive. */
export interface LedgerParts {
  readonly db: Database;
  readonly identity: ArchiveIdentity;
  readonly store: LedgerStore;
  readonly ancestry: Ancestry;
  readonly governing: Governing;
  readonly judging: Judging;
  readonly feeds: SqliteFeeds;
  /** This home's own arrival log. */
  readonly tree: HomeTree;
}

export function ledgerParts(
  store: LedgerStore,
  identity: ArchiveIdentity,
  tree: HomeTree,
): LedgerParts {
  const ancestry = new Ancestry(store);
  const governing = new Governing(identity, store, ancestry);
  return {
    db: store.db,
    identity,
    store,
    ancestry,
    governing,
    judging: new Judging(identity, store, ancestry, governing),
    feeds: new SqliteFeeds(store.db),
    tree,
  };
}
