import type { Did } from '../../core/entries/did-key.ts';
import type { LedgerFeed } from '../../core/ports/ledger-feed.ts';
import type { Network } from '../../core/ports/network.ts';
import { tellNews } from './news.ts';

/** Tells connected peers how long this node's log is now; once for all that happens within a moment. */
export class Announcing implements AsyncDisposable {
  readonly #network: Network;
  readonly #feed: LedgerFeed;
  readonly #gapMs: number;
  readonly #closing = new AbortController();
  /** Peers that are being told, with whether there is something newer. */
  readonly #told = new Map<Did, { isBehind: boolean; readonly task: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(network: Network, feed: LedgerFeed, gapMs: number) {
    this.#network = network;
    this.#feed = feed;
    this.#gapMs = gapMs;
  }

  announceSoon(): void {
    if (this.#closing.signal.aborted) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const { peer, standing } of this.#network.peers()) {
        if (standing === 'member') this.tell(peer);
      }
    }, this.#gapMs);
  }

  tell(peer: Did): void {
    if (this.#closing.signal.aborted) return;
    const told = this.#told.get(peer);
    if (told !== undefined) told.isBehind = true;
    else this.#told.set(peer, { isBehind: false, task: this.#tellNow(peer) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await Promise.all([...this.#told.values()].map(({ task }) => task));
  }

  async #tellNow(peer: Did): Promise<void> {
    try {
      const { origin, size } = this.#feed.head();
      await tellNews(this.#network, peer, { origin, size }, this.#closing.signal);
    } catch {
      // Lost news is no harm: the peer asks now and then.
    }
    const isBehind = this.#told.get(peer)?.isBehind === true;
    this.#told.delete(peer);
    if (isBehind) this.tell(peer);
  }
}
