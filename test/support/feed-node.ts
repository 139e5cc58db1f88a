import type { Did } from '../../src/core/entries/did-key.ts';
import type { MayHave } from '../../src/core/ports/ledger-feed.ts';
import type { Network } from '../../src/core/ports/network.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { FEED } from '../../src/replica/feed/protocol.ts';
import { serveFeed } from '../../src/replica/feed/serve-feed.ts';
import type { SyncParts } from '../../src/replica/feed/sync-with.ts';
import { signerOf } from './keys.ts';
import { openReplica, type TestArchive } from './ledger-archive.ts';
import { MemoryHub } from './memory-network.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A home with its ledger and its place in a network, whose log others can pull. */
export interface FeedNode {
  readonly did: Did;
  readonly ledger: SqliteLedger;
  readonly network: Network;
  readonly parts: SyncParts & { readonly network: Network };
}

/** Homes of one archive that can reach each other, in folders that are removed with them. */
export class FeedNodes implements AsyncDisposable {
  readonly hub = new MemoryHub();
  readonly #archive: TestArchive;
  readonly #opened = new AsyncDisposableStack();
  readonly #folder: string;

  constructor(archive: TestArchive) {
    this.#archive = archive;
    this.#folder = this.#opened.use(temporaryFolder()).path;
  }

  /** Opens a home that holds the founding entry; `file` where one key has two homes. */
  async open(
    name: string,
    options: { readonly mayHave?: (peer: Did) => MayHave; readonly file?: string } = {},
  ): Promise<FeedNode> {
    const { mayHave = () => () => true, file = name } = options;
    const ledger = this.#opened.use(await openReplica(this.#archive, this.#folder, name, file));
    const { did } = signerOf(name);
    const network = this.#opened.use(this.hub.open({ did }));
    const { feed, feeds } = ledger;
    network.handle(FEED, serveFeed({ feed, mayHave }));
    return {
      did,
      ledger,
      network,
      parts: { network, feed, feeds, verify: verifySignature, sha256 },
    };
  }

  /** Ends a node's connections; its ledger stays open. */
  async unplug({ network }: FeedNode): Promise<void> {
    for (const { peer } of network.peers()) await network.disconnect(peer, 'unplugged');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

/** Makes one node able to reach another. */
export async function connect(one: FeedNode, other: FeedNode): Promise<void> {
  await one.network.dial(other.network.addresses[0] ?? '');
}
