import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { BlockExchange } from '../../core/ports/block-exchange.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import type { Network } from '../../core/ports/network.ts';
import type { Halt, ReplicationReport, Shortfall } from '../../core/ports/replica.ts';
import type { WantedAsset, WantedFeed } from '../../core/ports/replica-wants.ts';
import { fetchBlocks } from './fetch-blocks.ts';
import { type ByteFetcher, fetchFrom } from './fetch-from.ts';
import { FetchQueue, type FetchTask, type Unmet } from './fetch-queue.ts';
import type { Pacer } from './pacer.ts';
import { BYTES_PROTOCOL } from './protocol.ts';
import type { ReleaseTree } from './serve-bytes.ts';

/** Looked at together in the catalog. */
const FEED_PAGE = 256;

/** Made durable after so much, which is what a kill can cost. */
const SYNC_BYTES = 32 * 1_048_576;
const SYNC_ROOTS = 4096;

/** Beyond this, what is lacking is not remembered one by one but looked for again. */
const MAX_UNMET = 65_536;

/** What was asked for in vain is not asked for again before so long for each answer: a thousand a second. */
const VAIN_ASK_MS = 1;
/** However much nobody has. */
const MOST_PAUSE_MS = 600_000;

/** Left free on the disk for everything else that has to be written. */
const RESERVE_BYTES = 256 * 1_048_576;

const PEER_FAULTS: ReadonlySet<string> = new Set([
  'peer_invalid',
  'peer_timeout',
  'peer_unreachable',
  'peer_refused',
]);

export interface ReplicatorParts {
  readonly network: Pick<Network, 'did' | 'open' | 'peers' | 'watch'>;
  readonly content: Pick<
    ContentStore,
    keyof ByteFetcher['content'] | 'sync' | 'stats' | 'freeBytes'
  >;
  /** For what no member delivers; without it, it is not asked for elsewhere. */
  readonly blocks?: Pick<BlockExchange, 'want'>;
  /** Returns what of a release is fetched; undefined for what is none. */
  readonly releaseTree?: ReleaseTree;
  /** Begins to tell what this home is to hold, undefined while that is nothing. */
  readonly wanted: () => WantedFeed | undefined;
  readonly pacer: Pacer;
  /** Bytes of packs beyond which nothing more is fetched; undefined for no bound. */
  readonly budgetBytes?: number | undefined;
  readonly reserveBytes?: number;
}

export interface PassOptions {
  /**
   * Asks for what nobody delivered only once a pause has gone by, the longer the more of it there is:
   * whoever deposits what nobody has keeps nobody busy with it.
   */
  readonly isPatient?: boolean;
}

/**
 * Fetches from the connected members, several at once, what this home is to hold and does not, and
 * what is damaged here. Stops cleanly before the disk or the budget is full; nothing is lost by
 * stopping at any time, since blocks that are here are not asked for again.
 */
export class Replicator {
  readonly #parts: ReplicatorParts;
  #feed: WantedFeed | undefined;
  /** Told by the feed, and not yet asked for: a pass may end in between. */
  readonly #ahead: WantedAsset[] = [];
  readonly #unmet = new Map<Cid, Unmet>();
  readonly #repairs = new Map<Cid, FetchTask>();
  /** More was asked for in vain than is remembered; the feed has to tell it once more. */
  #isForgotten = false;
  /** Milliseconds of the process before which a patient pass asks for nothing again. */
  #againAt = 0;

  constructor(parts: ReplicatorParts) {
    this.#parts = parts;
  }

  /** Assets that are wanted, that were looked for, and that nobody delivered; the first some ten thousand. */
  get unmet(): ReadonlyMap<Cid, Unmet> {
    return this.#unmet;
  }

  /** Milliseconds until a patient pass asks again for what nobody delivered; 0 if it would now. */
  get pauseMs(): number {
    return Math.max(0, this.#againAt - performance.now());
  }

  /** Has damaged blocks of an asset fetched with the next pass. */
  repair(task: FetchTask): void {
    if (this.#repairs.size < MAX_UNMET) this.#repairs.set(task.root, task);
  }

  /** Looks again at everything that is wanted, as when what this home is to hold has changed. */
  reconsider(): void {
    this.#feed = undefined;
    this.#ahead.length = 0;
    this.#unmet.clear();
    this.#againAt = 0;
  }

  /**
   * Goes once through all that is wanted and not here. What was fetched is durable when it resolves.
   *
   * @throws {ArchiveError} `home_corrupt`, `policy_unknown`; what peers get wrong is in the report.
   */
  async pass(
    signal: AbortSignal,
    { isPatient = false }: PassOptions = {},
  ): Promise<ReplicationReport> {
    const asksAgain = !isPatient || this.pauseMs === 0;
    let vain = 0;
    const report = await new Pass(this.#parts, signal).run({
      tasks: () => this.#tasks(asksAgain),
      onUnmet: (unmet) => {
        vain += unmet.reasons.size;
        this.#remember(unmet);
      },
      onWhole: (root) => {
        this.#unmet.delete(root);
        this.#repairs.delete(root);
      },
      unmet: this.#unmet,
    });
    // What is asked for the first time in vain does not put off what has waited.
    if (asksAgain) this.#againAt = performance.now() + Math.min(vain * VAIN_ASK_MS, MOST_PAUSE_MS);
    return report;
  }

  *#tasks(asksAgain: boolean): Generator<FetchTask | undefined> {
    yield* [...this.#repairs.values()];
    const again = asksAgain ? [...this.#unmet.values()] : [];
    if (asksAgain && this.#isForgotten) {
      this.#isForgotten = false;
      this.#feed = undefined;
    }
    this.#feed ??= this.#parts.wanted();
    const feed = this.#feed;
    for (let isEnd = feed === undefined; !isEnd; ) {
      yield* this.#yieldAhead();
      const page = feed?.next(FEED_PAGE);
      isEnd = page?.isEnd ?? true;
      this.#ahead.push(...(page?.assets ?? []));
      yield* this.#yieldAhead();
      // Others get their turn between pages.
      yield undefined;
    }
    for (const { root, size } of again) {
      if (this.#parts.content.isRoot(root)) this.#unmet.delete(root);
      else yield { root, size };
    }
  }

  *#yieldAhead(): Generator<FetchTask> {
    for (let next = this.#ahead.shift(); next !== undefined; next = this.#ahead.shift()) {
      const { cid: root, size } = next;
      if (!this.#parts.content.isRoot(root)) yield { root, size };
    }
  }

  #remember(unmet: Unmet): void {
    if (unmet.damaged !== undefined) return;
    if (this.#unmet.size < MAX_UNMET || this.#unmet.has(unmet.root)) {
      this.#unmet.set(unmet.root, unmet);
    } else this.#isForgotten = true;
  }
}

interface Work {
  readonly tasks: () => Iterator<FetchTask | undefined>;
  readonly onUnmet: (unmet: Unmet) => void;
  readonly onWhole: (root: Cid) => void;
  readonly unmet: ReadonlyMap<Cid, Unmet>;
}

/** One pass over what is wanted. */
class Pass {
  readonly #parts: ReplicatorParts;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #failures = new Map<Did, ArchiveError>();
  #roots: Cid[] = [];
  #bytesToSync = 0;
  #usedBytes = 0;
  #promisedBytes = 0;
  #fetched = 0;
  #receivedBytes = 0;
  #halted: Halt | null = null;
  #fatal: unknown;

  constructor(parts: ReplicatorParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  async run(work: Work): Promise<ReplicationReport> {
    const { network, content } = this.#parts;
    this.#usedBytes = (await content.stats()).bytes;
    const tasks = work.tasks();
    const sizes = new Map<Cid, number>();
    const settle = (root: Cid) => {
      this.#promisedBytes -= sizes.get(root) ?? 0;
      sizes.delete(root);
    };
    const left: Unmet[] = [];
    const queue = new FetchQueue(
      () => this.#next(tasks, sizes, work.onUnmet),
      (unmet) => {
        settle(unmet.root);
        work.onUnmet(unmet);
        if (left.length < MAX_UNMET) left.push(unmet);
      },
    );
    const onWhole = async (root: Cid) => {
      this.#usedBytes += sizes.get(root) ?? 0;
      settle(root);
      work.onWhole(root);
      this.#roots.push(root);
      this.#fetched += 1;
      if (this.#roots.length >= SYNC_ROOTS) await this.#sync();
    };
    const running = new Set<Promise<void>>();
    const busy = new Set<Did>();
    const begin = (peer: Did) => {
      if (busy.has(peer) || this.#failures.has(peer)) return;
      busy.add(peer);
      const done = this.#fetch(peer, queue, onWhole).finally(() => {
        busy.delete(peer);
        running.delete(done);
      });
      running.add(done);
    };
    const unwatch = network.watch(({ peer, connected }) => {
      const standing = connected && network.peers().find((one) => one.peer === peer)?.standing;
      if (standing === 'member' && !queue.isOver) begin(peer);
    });
    try {
      for (const { peer, standing } of network.peers()) if (standing === 'member') begin(peer);
      while (running.size > 0) await Promise.race(running);
    } finally {
      unwatch();
    }
    const leftOver = followed(left, tasks);
    const rest = new FetchQueue(
      () => this.#next(leftOver, sizes, work.onUnmet),
      (unmet) => {
        settle(unmet.root);
        work.onUnmet(unmet);
      },
    );
    await this.#fetchBlocks(rest, onWhole);
    if (this.#fatal !== undefined) throw this.#fatal;
    await this.#sync().catch((error: unknown) => this.#failed(network.did, error, queue));
    if (this.#fatal !== undefined) throw this.#fatal;
    return this.#report(work.unmet);
  }

  /** Asks IPFS nodes for what members did not deliver: those this node has called, and members that speak nothing else. */
  async #fetchBlocks(queue: FetchQueue, onWhole: (root: Cid) => Promise<void>): Promise<void> {
    const { network, blocks, content, releaseTree } = this.#parts;
    if (blocks === undefined || this.#halted !== null) return;
    const sources = network
      .peers()
      .filter(({ peer, standing, direction }) =>
        standing === 'visitor'
          ? direction === 'outbound'
          : this.#failures.get(peer)?.code === 'peer_refused',
      );
    for (const { peer } of sources) queue.join(peer);
    const fetcher = { content, queue, releaseTree, onWhole, onReceived: this.#onReceived };
    await Promise.all(
      sources.map(async ({ peer }) => {
        try {
          await fetchBlocks(fetcher, { peer, blocks }, this.#signal);
        } catch (error) {
          this.#failed(peer, error, queue);
        } finally {
          queue.leave(peer);
        }
      }),
    );
  }

  readonly #onReceived = async (byteLength: number, signal: AbortSignal): Promise<void> => {
    this.#receivedBytes += byteLength;
    this.#bytesToSync += byteLength;
    if (this.#bytesToSync >= SYNC_BYTES) await this.#sync();
    await this.#parts.pacer.pass(byteLength, signal);
  };

  async #fetch(peer: Did, queue: FetchQueue, onWhole: (root: Cid) => Promise<void>): Promise<void> {
    const { network, content, releaseTree } = this.#parts;
    queue.join(peer);
    try {
      using stream = await network.open(peer, BYTES_PROTOCOL, { signal: this.#signal });
      const give = () => stream.abort(new ArchiveError('aborted', 'fetching was stopped'));
      this.#signal.addEventListener('abort', give, { once: true });
      try {
        const fetcher = { content, queue, releaseTree, onWhole, onReceived: this.#onReceived };
        await fetchFrom(fetcher, stream, this.#signal);
      } catch (error) {
        if (isPeerFault(error) && error.code === 'peer_invalid') stream.abort(error);
        throw error;
      } finally {
        this.#signal.removeEventListener('abort', give);
      }
    } catch (error) {
      this.#failed(peer, error, queue);
    } finally {
      queue.leave(peer);
    }
  }

  #failed(peer: Did, error: unknown, queue: FetchQueue): void {
    if (isPeerFault(error)) {
      this.#failures.set(peer, error);
      return;
    }
    const code = error instanceof ArchiveError ? error.code : undefined;
    if (code === 'disk_full') this.#halt('disk-full', queue);
    else if (code === 'aborted') this.#halt(this.#halted ?? 'stopped', queue);
    else {
      this.#fatal ??= error;
      this.#halt('stopped', queue);
    }
  }

  #halt(why: Halt, queue: FetchQueue): void {
    this.#halted ??= why;
    queue.drain();
    this.#stop.abort();
  }

  /** Returns the next asset there is room for; nothing once there is none for one. */
  async #next(
    tasks: Iterator<FetchTask | undefined>,
    sizes: Map<Cid, number>,
    onUnmet: (unmet: Unmet) => void,
  ): Promise<FetchTask | undefined> {
    while (this.#halted === null) {
      if (!this.#parts.pacer.isOpen) {
        this.#halted = 'schedule';
        break;
      }
      const { value, done } = tasks.next();
      if (done === true) break;
      if (value === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const task: FetchTask = value;
      this.#halted = this.#lackOfRoom(task.size);
      if (this.#halted !== null) {
        onUnmet({ ...task, reasons: new Map() });
        break;
      }
      if (!sizes.has(task.root)) this.#promisedBytes += task.size;
      sizes.set(task.root, task.size);
      return task;
    }
    return undefined;
  }

  #lackOfRoom(size: number): Halt | null {
    const { content, budgetBytes, reserveBytes = RESERVE_BYTES } = this.#parts;
    const needed = this.#promisedBytes + size;
    if (budgetBytes !== undefined && this.#usedBytes + needed > budgetBytes) return 'budget';
    return content.freeBytes() < needed + reserveBytes ? 'disk-full' : null;
  }

  async #sync(): Promise<void> {
    const roots = this.#roots;
    this.#roots = [];
    this.#bytesToSync = 0;
    try {
      await this.#parts.content.sync(roots);
    } catch (error) {
      this.#roots.push(...roots);
      throw error;
    }
  }

  #report(unmet: ReadonlyMap<Cid, Unmet>): ReplicationReport {
    const reasons = new Map<string, { peer: Did; because: Shortfall; assets: number }>();
    for (const { reasons: given } of unmet.values()) {
      for (const [peer, because] of given) {
        const key = `${peer} ${because}`;
        const counted = reasons.get(key) ?? { peer, because, assets: 0 };
        counted.assets += 1;
        reasons.set(key, counted);
      }
    }
    return {
      fetched: this.#fetched,
      receivedBytes: this.#receivedBytes,
      unmet: unmet.size,
      reasons: [...reasons.values()],
      failures: [...this.#failures].map(([peer, { code, message }]) => {
        return { peer, code, text: message };
      }),
      halted: this.#halted,
    };
  }
}

/** Goes on with what comes after some tasks. */
function* followed(
  left: FetchTask[],
  tasks: Iterator<FetchTask | undefined>,
): Generator<FetchTask | undefined> {
  yield* left;
  for (let next = tasks.next(); next.done !== true; next = tasks.next()) yield next.value;
}

function isPeerFault(error: unknown): error is ArchiveError {
  return error instanceof ArchiveError && PEER_FAULTS.has(error.code);
}
