import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import type { PeerStream } from '../../core/ports/network.ts';
import { fileTree } from '../../core/unixfs/file-dag.ts';
import { type Asked, AssetIntake } from './asset-intake.ts';
import type { FetchQueue, FetchTask } from './fetch-queue.ts';
import {
  type Ask,
  BYTES_PROTOCOL,
  blocksIn,
  decodeServed,
  encodeAsks,
  invalid,
  MAX_PARTS,
} from './protocol.ts';
import { remainderOf } from './remainder-of.ts';
import type { ReleaseTree } from './serve-bytes.ts';

/** Assets asked for and not yet received, by number and by bytes: what keeps a long line busy. */
const WINDOW_ASSETS = 512;
const WINDOW_BYTES = 64 * 1_048_576;

/** Asked for together, so that answers share messages; and once half the window is free. */
const ASKS_AT_ONCE = 128;

export interface ByteFetcher {
  readonly content: Pick<
    ContentStore,
    'has' | 'getBlock' | 'putBlock' | 'repair' | 'isRoot' | 'receivedOf' | 'noteReceived'
  >;
  readonly queue: FetchQueue;
  /** Returns what of a release is fetched; undefined for what is none. */
  readonly releaseTree?: ReleaseTree | undefined;
  /** Told of assets that are here as a whole now; resolves when there is room for more. */
  readonly onWhole: (root: Cid) => Promise<void>;
  /** Told of bytes received, before they are stored; resolves when there may be more. */
  readonly onReceived: (byteLength: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Fetches from one peer what the queue has for it, until nothing is left that it could deliver.
 * What was under way when it fails goes back to the queue.
 *
 * @throws {ArchiveError} `peer_invalid` for what the peer got wrong, `peer_unreachable`,
 * `peer_timeout`, `disk_full`, `home_corrupt`, `aborted`.
 */
export async function fetchFrom(
  fetcher: ByteFetcher,
  stream: PeerStream,
  signal: AbortSignal,
): Promise<void> {
  const fetching = new Fetching(fetcher, stream, signal);
  try {
    await fetching.run();
  } finally {
    await fetching.release();
  }
}

class Fetching {
  readonly #fetcher: ByteFetcher;
  readonly #stream: PeerStream;
  readonly #signal: AbortSignal;
  /** In the order in which they were asked for. */
  readonly #intakes: { readonly intake: AssetIntake; readonly task: FetchTask }[] = [];
  #windowBytes = 0;
  /** For the message that is being stored, and for the next one. */
  readonly #buffers = [0, 1].map(() => new Uint8Array(BYTES_PROTOCOL.maxMessageBytes));
  #next: Promise<Uint8Array | undefined> | undefined;

  constructor(fetcher: ByteFetcher, stream: PeerStream, signal: AbortSignal) {
    this.#fetcher = fetcher;
    this.#stream = stream;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { queue } = this.#fetcher;
    for (;;) {
      throwIfAborted(this.#signal);
      const { changed } = queue;
      await this.#askForMore();
      if (this.#intakes.length > 0) await this.#receive();
      else if (queue.isOver) return this.#stream.end();
      else await changed;
    }
  }

  /** Gives back what was not delivered. */
  async release(): Promise<void> {
    const [first, ...others] = this.#intakes.splice(0);
    for (const { task } of others) this.#fetcher.queue.release(task.root);
    if (first === undefined) return;
    try {
      await first.intake.note();
    } finally {
      this.#fetcher.queue.release(first.task.root);
    }
  }

  get #hasRoom(): boolean {
    return this.#windowBytes < WINDOW_BYTES && this.#intakes.length < WINDOW_ASSETS;
  }

  async #askForMore(): Promise<void> {
    const isHalfFree =
      this.#windowBytes < WINDOW_BYTES / 2 && this.#intakes.length < WINDOW_ASSETS / 2;
    if (!isHalfFree) return;
    let asks: Ask[] = [];
    let parts = 0;
    const send = () => {
      // Not awaited: the peer may be waiting for us to receive. The window bounds what waits.
      if (asks.length > 0) void this.#stream.send(encodeAsks(asks));
      asks = [];
      parts = 0;
    };
    while (this.#hasRoom) {
      const task = await this.#fetcher.queue.take(this.#stream.peer);
      if (task === undefined) break;
      const ask = await this.#begin(task);
      if (ask === undefined) continue;
      asks.push(ask);
      parts += ask.parts.length;
      if (asks.length >= ASKS_AT_ONCE || parts >= MAX_PARTS) send();
    }
    send();
  }

  /** Returns what to ask for, undefined if nothing is lacking. */
  async #begin(task: FetchTask): Promise<Ask | undefined> {
    const { content, queue, onWhole } = this.#fetcher;
    const { root } = task;
    try {
      const asked = await askedOf(this.#fetcher, task);
      const { what } = asked;
      const parts = 'from' in what ? what.parts : what.damaged;
      if (parts.length === 0) {
        await onWhole(root);
        queue.done(root);
        return undefined;
      }
      this.#intakes.push({ intake: new AssetIntake(content, asked), task });
      this.#windowBytes += task.size;
      if ('from' in what) return { root, from: what.from, parts: [] };
      return { root, from: 0, parts: parts.map(({ cid }) => cid) };
    } catch (error) {
      if (!isNoFile(error)) throw error;
      queue.refuse(root, this.#stream.peer, 'invalid');
      return undefined;
    }
  }

  async #receive(): Promise<void> {
    this.#next ??= this.#receiveNext();
    const message = await this.#next;
    this.#next = undefined;
    if (message === undefined) throw invalid('the peer ended before it had answered');
    const served = decodeServed(message);
    if ('refused' in served) {
      const first = this.#intakes[0]?.intake.root;
      if (served.refused !== first) throw invalid('an asset was refused that is not the next one');
      await this.#intakes[0]?.intake.note();
      this.#take(served.refused);
      this.#fetcher.queue.refuse(served.refused, this.#stream.peer, served.because);
      return;
    }
    await this.#fetcher.onReceived(message.length, this.#signal);
    // The next one comes in while this one is hashed and written.
    this.#next = this.#receiveNext();
    for (const { cid, bytes } of blocksIn(served.frames)) {
      await this.#store(cid, bytes);
    }
  }

  #receiveNext(): Promise<Uint8Array | undefined> {
    this.#buffers.reverse();
    return this.#stream.receive(this.#buffers[0]);
  }

  async #store(cid: Uint8Array, bytes: Uint8Array): Promise<void> {
    const { queue } = this.#fetcher;
    const current = this.#intakes[0];
    if (current === undefined) throw invalid('more was sent than was asked for');
    const { root } = current.task;
    try {
      await current.intake.take(cid, bytes);
    } catch (error) {
      if (isNoFile(error)) {
        this.#take(root);
        queue.refuse(root, this.#stream.peer, 'invalid');
        throw invalid(`${root} is no file, so what follows cannot be told apart`, error);
      }
      if (error instanceof ArchiveError && error.code === 'peer_invalid') {
        await current.intake.note();
        this.#take(root);
        queue.refuse(root, this.#stream.peer, 'corrupt');
      }
      throw error;
    }
    if (!current.intake.isComplete) return;
    this.#take(root);
    await settle(this.#fetcher, current.task);
  }

  #take(root: Cid): void {
    const first = this.#intakes.shift();
    if (first?.task.root === root) this.#windowBytes -= first.task.size;
  }
}

/** Returns what a task is to bring: blocks that were damaged, or what has not come of the asset or release. */
export async function askedOf(
  { content, releaseTree }: ByteFetcher,
  { root, size, damaged }: FetchTask,
): Promise<Asked> {
  const tree = releaseTree?.(root) ?? fileTree(root, size);
  const isRepair = damaged !== undefined && content.isRoot(root);
  const what = isRepair
    ? { damaged: damaged.slice(0, MAX_PARTS) }
    : await remainderOf(content, tree);
  return { root, size, tree, what };
}

/** Settles a task of which all that was asked for is here; the rest of a long repair is asked for next. */
export async function settle(
  { content, queue, onWhole }: ByteFetcher,
  task: FetchTask,
): Promise<void> {
  const { root, damaged = [] } = task;
  const rest = content.isRoot(root) ? damaged.slice(MAX_PARTS) : [];
  if (rest.length > 0) return queue.goOn({ ...task, damaged: rest });
  await onWhole(root);
  queue.done(root);
}

function isNoFile(error: unknown): boolean {
  return error instanceof ArchiveError && error.code === 'input_invalid';
}
