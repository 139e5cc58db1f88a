import { throwIfAborted } from '../../core/abort.ts';
import { type Cid, cidToBytes } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { BlockExchange } from '../../core/ports/block-exchange.ts';
import type { Shortfall } from '../../core/ports/replica.ts';
import { AssetIntake } from './asset-intake.ts';
import { askedOf, type ByteFetcher, settle } from './fetch-from.ts';
import type { FetchTask } from './fetch-queue.ts';

/** Assets fetched at once, and blocks of each: what is in memory, and what keeps a line busy. */
const ASSETS_AT_ONCE = 8;
const BLOCKS_AT_ONCE = 4;

interface BlockSource {
  readonly peer: Did;
  readonly blocks: Pick<BlockExchange, 'want'>;
}

/**
 * Fetches from one IPFS node, block by block, what the queue has for it, until nothing is left that it
 * could deliver. Much slower than {@link fetchFrom}, and all there is for nodes that speak bitswap only.
 *
 * @throws {ArchiveError} as {@link BlockExchange.want}; `disk_full`, `home_corrupt`.
 */
export async function fetchBlocks(
  fetcher: ByteFetcher,
  source: BlockSource,
  signal: AbortSignal,
): Promise<void> {
  const stopping = new AbortController();
  const stopped = AbortSignal.any([signal, stopping.signal]);
  const working = Array.from({ length: ASSETS_AT_ONCE }, async () => {
    try {
      await fetchAssets(fetcher, source, stopped);
    } catch (error) {
      stopping.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(working);
  // The first failure stopped the others.
  if (stopping.signal.aborted) throw stopping.signal.reason;
}

async function fetchAssets(
  fetcher: ByteFetcher,
  source: BlockSource,
  signal: AbortSignal,
): Promise<void> {
  const { queue } = fetcher;
  for (;;) {
    throwIfAborted(signal);
    const { changed } = queue;
    const task = await queue.take(source.peer);
    if (task === undefined) {
      if (queue.isOver) return;
      await changed;
      continue;
    }
    try {
      const shortfall = await new AssetFetch(fetcher, source, task, signal).run();
      if (shortfall !== undefined) {
        queue.refuse(task.root, source.peer, shortfall);
        continue;
      }
      await settle(fetcher, task);
    } catch (error) {
      queue.release(task.root);
      throw error;
    }
  }
}

/** One asset, or the damaged blocks of one. */
class AssetFetch {
  readonly #fetcher: ByteFetcher;
  readonly #source: BlockSource;
  readonly #task: FetchTask;
  readonly #signal: AbortSignal;

  constructor(fetcher: ByteFetcher, source: BlockSource, task: FetchTask, signal: AbortSignal) {
    this.#fetcher = fetcher;
    this.#source = source;
    this.#task = task;
    this.#signal = signal;
  }

  /** Returns why it did not come; undefined if all of it is here. */
  async run(): Promise<Shortfall | undefined> {
    const { content } = this.#fetcher;
    const { root } = this.#task;
    try {
      const asked = await askedOf(this.#fetcher, this.#task);
      const { what } = asked;
      // It gives whatever it has by its CID: only one that has the root has the asset.
      const isBegun = 'from' in what && what.from > 0 && what.parts.length > 0;
      if (isBegun && (await this.#want(root)) === undefined) return 'not-held';
      const intake = new AssetIntake(content, asked);
      try {
        return await this.#fetchInto(intake);
      } finally {
        if (!intake.isComplete) await intake.note();
      }
    } catch (error) {
      if (error instanceof ArchiveError && error.code === 'input_invalid') return 'invalid';
      throw error;
    }
  }

  async #fetchInto(intake: AssetIntake): Promise<Shortfall | undefined> {
    const asked: { readonly cid: Cid; readonly bytes: Promise<Uint8Array | undefined> }[] = [];
    try {
      while (!intake.isComplete) {
        for (const { cid } of intake.upcoming(BLOCKS_AT_ONCE).slice(asked.length)) {
          const bytes = this.#want(cid);
          // It is awaited when its turn comes.
          bytes.catch(() => {});
          asked.push({ cid, bytes });
        }
        const next = asked[0];
        const bytes = await next?.bytes;
        if (next === undefined || bytes === undefined) return 'not-held';
        await this.#fetcher.onReceived(bytes.length, this.#signal);
        await intake.take(cidToBytes(next.cid), bytes);
        asked.shift();
      }
      return undefined;
    } finally {
      await Promise.allSettled(asked.map(({ bytes }) => bytes));
    }
  }

  #want(cid: Cid): Promise<Uint8Array | undefined> {
    const { blocks, peer } = this.#source;
    return blocks.want(peer, cid, { signal: this.#signal });
  }
}
