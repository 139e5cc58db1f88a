import { throwIfAborted } from '../../core/abort.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { BlockExchange } from '../../core/ports/block-exchange.ts';
import type { Shortfall } from '../../core/ports/replica.ts';
import { childrenOf, type FilePart } from '../../core/unixfs/file-dag.ts';
import { allowanceOf, tooManyBlocks } from './asset-intake.ts';
import type { ByteFetcher } from './fetch-from.ts';
import type { FetchTask } from './fetch-queue.ts';
import { lackingParts } from './lacking-parts.ts';
import { MAX_PARTS } from './protocol.ts';

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
  const { queue, onWhole } = fetcher;
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
      await onWhole(task.root);
      queue.done(task.root);
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
  #allowance: number;
  #shortfall: Shortfall | undefined;

  constructor(fetcher: ByteFetcher, source: BlockSource, task: FetchTask, signal: AbortSignal) {
    this.#fetcher = fetcher;
    this.#source = source;
    this.#task = task;
    this.#signal = signal;
    this.#allowance = allowanceOf(task.size);
  }

  /** Returns why it did not come; undefined if all of it is here. */
  async run(): Promise<Shortfall | undefined> {
    const { content } = this.#fetcher;
    const { damaged } = this.#task;
    try {
      if (damaged !== undefined) await this.#fetchAll(damaged, { isRepair: true, isAlone: true });
      while (this.#shortfall === undefined) {
        const { parts, hasDamage } = await lackingParts(content, this.#task, MAX_PARTS);
        if (parts.length === 0) return undefined;
        await this.#fetchAll(parts, { isRepair: hasDamage, isAlone: false });
      }
    } catch (error) {
      if (error instanceof ArchiveError && error.code === 'input_invalid') return 'invalid';
      throw error;
    }
    return this.#shortfall;
  }

  /** Fetches parts and, unless they are wanted alone, what lies below them and is not here. */
  async #fetchAll(parts: readonly FilePart[], how: How): Promise<void> {
    const stack = parts.toReversed();
    const underWay = new Set<Promise<void>>();
    const begin = (part: FilePart) => {
      const fetching = this.#fetch(part, how)
        .then((children) => void stack.push(...children.toReversed()))
        .finally(() => underWay.delete(fetching));
      underWay.add(fetching);
    };
    try {
      while (this.#shortfall === undefined) {
        while (underWay.size < BLOCKS_AT_ONCE) {
          const next = stack.pop();
          if (next === undefined) break;
          begin(next);
        }
        if (underWay.size === 0) return;
        await Promise.race(underWay);
      }
    } finally {
      await Promise.allSettled(underWay);
    }
  }

  /** Returns the parts below it that are to be fetched. */
  async #fetch(part: FilePart, { isRepair, isAlone }: How): Promise<readonly FilePart[]> {
    const { content, onReceived } = this.#fetcher;
    const { blocks, peer } = this.#source;
    const bytes = await blocks.want(peer, part.cid, { signal: this.#signal });
    if (bytes === undefined) {
      this.#shortfall ??= 'not-held';
      return [];
    }
    await onReceived(bytes.length, this.#signal);
    this.#allowance -= bytes.length;
    const children = childrenOf(part, bytes);
    if (this.#allowance < 0) throw tooManyBlocks(this.#task.root);
    await (isRepair ? content.repair(part.cid, bytes) : content.putBlock(part.cid, bytes));
    if (isAlone) return [];
    const isHere = await Promise.all(children.map(({ cid }) => content.has(cid)));
    return children.filter((_, place) => isHere[place] === false);
  }
}

interface How {
  readonly isRepair: boolean;
  readonly isAlone: boolean;
}
