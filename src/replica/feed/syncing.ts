import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError, type ErrorCode } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/environment.ts';
import { isOfArchive, type Network, type PeerStream } from '../../core/ports/network.ts';
import { Announcing } from './announcing.ts';
import { decodeNews, NEWS, type News } from './news.ts';
import { FEED } from './protocol.ts';
import { type ServeFeedParts, serveFeed } from './serve-feed.ts';
import { Stall } from './stall.ts';
import { type SyncOptions, type SyncParts, type SyncReport, syncWith } from './sync-with.ts';
import { Turns } from './turns.ts';

/** How a node paces its pulling. */
export interface SyncTiming {
  /** Every connected peer is asked again after so long: gossip may have been lost. */
  readonly everyMs: number;
  /** What happens within so long is one piece of news. */
  readonly gapMs: number;
  /** After a failure, this long; twice as long after each further one, up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** A pull in which nothing came for so long is given up. */
  readonly stallMs: number;
  /** Records that are missing are asked for again after so long. */
  readonly recordsMs: number;
  /** Peers pulled from at once. */
  readonly atOnce: number;
}

const TIMING: SyncTiming = {
  everyMs: 60_000,
  gapMs: 100,
  backoffMs: 1_000,
  maxBackoffMs: 300_000,
  stallMs: 300_000,
  recordsMs: 6 * 3_600_000,
  atOnce: 8,
};

interface SyncingParts extends Omit<SyncParts, 'turns'> {
  readonly network: Network;
  /** As {@link ServeFeedParts.mayHave}. */
  readonly mayHave: ServeFeedParts['mayHave'];
  readonly clock: Clock;
  /** Told what was taken, after it is durable: the catalog must catch up, members may have changed. */
  readonly onNews: (news: { readonly entries: number; readonly records: readonly Cid[] }) => void;
  /** Told that all of a peer's log is taken, as of now. */
  readonly onLevel?: (peer: Did) => void;
  /** Told what an operator should know: a peer that contradicts itself, or that needs a newer program. */
  readonly onTrouble: (peer: Did, error: ArchiveError) => void;
  readonly timing?: Partial<SyncTiming>;
}

/** How one peer's log and this node stand to each other. */
interface PeerSync {
  readonly peer: Did;
  /** Entries of the peer's log that are not taken yet; undefined before the first contact. */
  readonly lag: number | undefined;
  readonly isPulling: boolean;
  /** Milliseconds since 1970 of the last pull that came to its end. */
  readonly lastContact: number | undefined;
  /** What went wrong since. */
  readonly lastError:
    | { readonly code: ErrorCode; readonly text: string; readonly at: number }
    | undefined;
}

interface PeerState {
  readonly peer: Did;
  taken: number;
  size: number | undefined;
  /** There is, or may be, something to pull. */
  isWanted: boolean;
  /** On which it last said that it has news. */
  calledOn: PeerStream | undefined;
  pull: Promise<SyncReport> | undefined;
  /** Not before this moment. */
  notBefore: number;
  failures: number;
  recordsAsked: number;
  lastContact: number | undefined;
  lastError: PeerSync['lastError'];
}

/**
 * Keeps this node's ledger level with those of its connected peers, and lets them read its own.
 *
 * It pulls when a peer connects, when it says that it has news, and now and then; from one peer once at
 * a time, from some at once, their pages imported in fair turns. A failure delays the next pull of that
 * peer alone. Disposing ends what is under way; what was taken by then is durable.
 */
export class Syncing implements AsyncDisposable {
  readonly #parts: SyncingParts;
  readonly #timing: SyncTiming;
  readonly #turns = new Turns();
  readonly #peers = new Map<Did, PeerState>();
  readonly #closing = new AbortController();
  readonly #announcing: Announcing;
  readonly #tasks = new Set<Promise<unknown>>();
  readonly #stops: (() => void)[] = [];
  #wakeUp: NodeJS.Timeout | undefined;

  constructor(parts: SyncingParts) {
    this.#parts = parts;
    this.#timing = { ...TIMING, ...parts.timing };
    this.#announcing = new Announcing(parts.network, parts.feed, this.#timing.gapMs);
  }

  /** Begins to answer and to pull. */
  start(): void {
    const { network, feed } = this.#parts;
    network.handle(FEED, serveFeed(this.#parts));
    network.handle(NEWS, async (stream) => {
      const message = await stream.receive();
      if (message !== undefined) this.#heard(stream, decodeNews(message));
    });
    this.#stops.push(
      network.watch(({ peer, connected, standing }) => {
        if (connected && isOfArchive(standing)) this.#met(peer);
      }),
      feed.watch(() => this.#announcing.announceSoon()),
    );
    const timer = setInterval(() => this.#askAll(), this.#timing.everyMs);
    this.#stops.push(() => clearInterval(timer));
    for (const { peer, standing } of network.peers()) if (isOfArchive(standing)) this.#met(peer);
  }

  /** Returns how every peer that was met stands to this node, in the order of their keys. */
  peers(): readonly PeerSync[] {
    return [...this.#peers.values()]
      .map(({ peer, size, taken, pull, lastContact, lastError }) => ({
        peer,
        lag: size === undefined ? undefined : Math.max(0, size - taken),
        isPulling: pull !== undefined,
        lastContact,
        lastError,
      }))
      .sort((a, b) => (a.peer < b.peer ? -1 : 1));
  }

  /**
   * Pulls from a peer now, whatever failed before; waits for a pull that is under way.
   *
   * @throws {ArchiveError} as {@link syncWith}.
   */
  async pull(peer: Did, options: SyncOptions = {}): Promise<SyncReport> {
    const state = this.#stateOf(peer);
    while (state.pull !== undefined) await state.pull.catch(() => undefined);
    return this.#begin(state, options);
  }

  /** Asks peers again for records that are missing here: this node may have more than before. */
  askForRecords(): void {
    for (const state of this.#peers.values()) state.recordsAsked = Number.NEGATIVE_INFINITY;
    this.#askAll();
  }

  /** Goes on with a peer that contradicted itself: the operator has looked into it. */
  settle(peer: Did): void {
    this.#parts.feeds.settle(peer);
    const state = this.#stateOf(peer);
    state.notBefore = 0;
    state.failures = 0;
    this.#want(state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    for (const stop of this.#stops) stop();
    clearTimeout(this.#wakeUp);
    await this.#announcing[Symbol.asyncDispose]();
    await Promise.allSettled(this.#tasks);
  }

  #stateOf(peer: Did): PeerState {
    const known = this.#peers.get(peer);
    if (known !== undefined) return known;
    const feed = this.#parts.feeds.newestFeed(peer);
    const state: PeerState = {
      peer,
      taken: feed?.taken.size ?? 0,
      size: feed?.head.size,
      isWanted: false,
      calledOn: undefined,
      pull: undefined,
      notBefore: 0,
      failures: 0,
      recordsAsked: Number.NEGATIVE_INFINITY,
      lastContact: undefined,
      lastError: undefined,
    };
    this.#peers.set(peer, state);
    return state;
  }

  #met(peer: Did): void {
    const state = this.#stateOf(peer);
    // It may have been out of reach only.
    if (state.lastError?.code === 'peer_unreachable') state.notBefore = 0;
    this.#want(state);
    this.#announcing.tell(peer);
  }

  /** Also of a log that is no longer than what was taken: it may be another one, of a home that runs twice. */
  #heard(stream: PeerStream, { size }: News): void {
    const state = this.#stateOf(stream.peer);
    state.size = size;
    state.calledOn = stream;
    // Whoever has news for this node lets it read again.
    if (state.lastError !== undefined && NOT_LET_IN.has(state.lastError.code)) {
      state.failures = 0;
      state.notBefore = Math.min(state.notBefore, this.#parts.clock() + this.#timing.gapMs);
    }
    this.#want(state);
  }

  #askAll(): void {
    for (const { peer, standing } of this.#parts.network.peers()) {
      if (isOfArchive(standing)) this.#want(this.#stateOf(peer));
    }
  }

  #want(state: PeerState): void {
    state.isWanted = true;
    this.#next();
  }

  /** Begins the pulls that are due, and sets the clock for the next one. */
  #next(): void {
    if (this.#closing.signal.aborted) return;
    const now = this.#parts.clock();
    const states = [...this.#peers.values()];
    const connected = this.#parts.network.peers().filter(({ standing }) => isOfArchive(standing));
    const isConnected = new Set(connected.map(({ peer }) => peer));
    const waiting = states
      .filter((state) => state.isWanted && state.pull === undefined && isConnected.has(state.peer))
      .sort((a, b) => a.notBefore - b.notBefore);
    let room = this.#timing.atOnce - states.filter((state) => state.pull !== undefined).length;
    for (const state of waiting) {
      if (state.notBefore > now || room <= 0) break;
      room -= 1;
      // Its failure is in the state of the peer.
      this.#begin(state, {}).catch(() => undefined);
    }
    clearTimeout(this.#wakeUp);
    const next = waiting.find((state) => state.pull === undefined);
    if (next === undefined || room <= 0) return;
    this.#wakeUp = setTimeout(() => this.#next(), Math.max(1, next.notBefore - now));
  }

  #begin(state: PeerState, options: SyncOptions): Promise<SyncReport> {
    state.isWanted = false;
    const pull = this.#pull(state, options);
    state.pull = pull;
    this.#follow(
      pull.then(
        () => this.#ended(state),
        () => this.#ended(state),
      ),
    );
    return pull;
  }

  #ended(state: PeerState): void {
    state.pull = undefined;
    this.#next();
  }

  async #pull(state: PeerState, options: SyncOptions): Promise<SyncReport> {
    const { clock, onNews } = this.#parts;
    const { gapMs, recordsMs } = this.#timing;
    const asksRecords = clock() - state.recordsAsked >= recordsMs;
    using stall = new Stall(this.#timing.stallMs, [this.#closing.signal, options.signal]);
    const { calledOn } = state;
    state.calledOn = undefined;
    try {
      const report = await syncWith(
        state.peer,
        { ...this.#parts, turns: this.#turns },
        {
          signal: stall.signal,
          ...(calledOn && { beside: calledOn }),
          withRecords: options.withRecords ?? asksRecords,
          onProgress: (progress) => {
            stall.moved();
            state.taken = progress.taken;
            state.size = progress.size;
            options.onProgress?.(progress);
          },
          onTaken: (entries) => onNews({ entries, records: [] }),
        },
      );
      const now = clock();
      if (asksRecords) state.recordsAsked = now;
      state.lastContact = now;
      // An honest log holds nothing that no node accepts: what is right in it was taken, without haste.
      if (report.skipped > 0) this.#failed(state, skippedSome(report));
      else {
        state.lastError = undefined;
        state.failures = 0;
        state.notBefore = now + gapMs;
      }
      this.#parts.onLevel?.(state.peer);
      if (report.records.length > 0) onNews({ entries: 0, records: report.records });
      return report;
    } catch (thrown) {
      throw this.#failed(state, stall.isStalled ? stalled() : asArchiveError(thrown));
    }
  }

  #failed(state: PeerState, error: ArchiveError): ArchiveError {
    if (this.#closing.signal.aborted) return error;
    const { clock, onTrouble } = this.#parts;
    const { backoffMs, maxBackoffMs } = this.#timing;
    const { code, message: text } = error;
    const now = clock();
    const isNew = state.lastError?.text !== text;
    state.failures += 1;
    state.notBefore = now + Math.min(maxBackoffMs, backoffMs * 2 ** (state.failures - 1));
    state.lastError = { code, text, at: now };
    state.isWanted = true;
    if (isNew && TROUBLE.has(code)) onTrouble(state.peer, error);
    return error;
  }

  #follow(task: Promise<unknown>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task)).catch(() => undefined);
  }
}

/** Failures that end with the first news: the peer was out of reach, or did not take this node for a member. */
const NOT_LET_IN: ReadonlySet<ErrorCode> = new Set(['peer_unreachable', 'peer_refused']);

/** Failures that time does not heal. */
const TROUBLE: ReadonlySet<ErrorCode> = new Set([
  'peer_equivocates',
  'peer_invalid',
  'format_unknown',
  'disk_full',
  'home_corrupt',
  'internal',
]);

function skippedSome({ skipped, whySkipped }: SyncReport): ArchiveError {
  return new ArchiveError(
    'peer_invalid',
    `the peer's log holds ${skipped} entries that no node accepts; they are skipped: ${whySkipped}`,
  );
}

function stalled(): ArchiveError {
  return new ArchiveError('peer_timeout', 'the peer sent nothing new for too long', {
    retryable: true,
  });
}

function asArchiveError(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  return new ArchiveError('internal', 'a pull failed by a defect of this program', {
    cause: error,
  });
}
