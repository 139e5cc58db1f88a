import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/hash.ts';
import {
  appendLeaf,
  type Frontier,
  leafHash,
  rootOf,
  verifyConsistency,
} from '../../core/merkle/tree.ts';
import type { VerifySignature } from '../../core/ports/keys.ts';
import type { KnownFeed, KnownFeeds } from '../../core/ports/known-feeds.ts';
import type { FeedHead, Leaf, LedgerFeed } from '../../core/ports/ledger-feed.ts';
import type { Network, PeerStream } from '../../core/ports/network.ts';
import { FeedReader } from './feed-reader.ts';
import { judgeHead, unsettled } from './judge-head.ts';
import { FEED, MAX_LEAVES, MAX_RECORDS } from './protocol.ts';
import { type Step, Taking } from './taking.ts';
import type { Turns } from './turns.ts';

/** Bodies are imported once they are so many, or so large together. */
const PAGE_ENTRIES = 512;
const PAGE_BYTES = 2 * 1_048_576;

/** An honest log holds no entry that is skipped; of one that holds so many, the rest can wait. */
const MAX_SKIPPED = 1_024;

/** What pulling needs of a node. */
export interface SyncParts {
  readonly network: Pick<Network, 'open'>;
  readonly feed: LedgerFeed;
  readonly feeds: KnownFeeds;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
  /** Where pages of several peers wait to be imported. */
  readonly turns?: Turns;
}

/** A pull opens one stream and needs no more of the network. */
type PullParts = Omit<SyncParts, 'network'> & { readonly network: Pick<Network, 'open'> };

export interface SyncOptions {
  readonly signal?: AbortSignal;
  /** A stream on which the peer has called, as of {@link Network.open}. */
  readonly beside?: PeerStream;
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Told after each page how many entries are new, when they are durable. */
  readonly onTaken?: (entries: number) => void;
  /** Asks also for records that are missing here; they may be of any entry. */
  readonly withRecords?: boolean;
}

export interface SyncProgress {
  /** Entries of the peer's log that are taken, and how many it has. */
  readonly taken: number;
  readonly size: number;
}

/** What one pull has brought. */
export interface SyncReport {
  /** Entries that were not here before. */
  readonly entries: number;
  /** Entries that no node will accept, or that build on one. */
  readonly skipped: number;
  /** Why the first of them was skipped. */
  readonly whySkipped: string | undefined;
  /** Records that entries name and that were missing before. */
  readonly records: readonly Cid[];
  /** Bytes of entries with what belongs to them. */
  readonly bytes: number;
  /** Entries in the peer's log. */
  readonly size: number;
}

/**
 * Takes from a peer's arrival log what is not here yet (ledger.md §7), and returns what that was.
 *
 * Every page is durable together with how far the feed is taken, so a pull that ends at any instant goes
 * on from there. Memory holds two pages of some megabytes, however long the log is.
 *
 * @throws {ArchiveError} `peer_invalid` if the peer breaks the protocol, lists an entry before its
 * parents or withholds something; `peer_equivocates`; `format_unknown` if it has an entry under rules
 * newer than this program; `peer_refused`; `disk_full`; `aborted`; and as {@link Network.open}.
 */
export async function syncWith(
  peer: Did,
  parts: PullParts,
  options: SyncOptions = {},
): Promise<SyncReport> {
  const { feeds, sha256, verify } = parts;
  const { signal, beside } = options;
  const suspicion = unsettled(peer, feeds);
  if (suspicion !== undefined) throw suspicion;
  throwIfAborted(signal);
  using stream = await parts.network.open(peer, FEED, {
    ...(signal && { signal }),
    ...(beside && { beside }),
  });
  const onAbort = () =>
    stream.abort(new ArchiveError('aborted', 'the pull was given up', { retryable: true }));
  signal?.addEventListener('abort', onAbort);
  try {
    const reader = new FeedReader(stream, sha256);
    const ask = (known: KnownFeed | undefined) => {
      const { origin, size } = known?.head ?? { origin: '', size: 0 };
      return reader.head(parts.feed, { origin, size }, verify);
    };
    const newest = feeds.newestFeed(peer);
    let shown = await ask(newest);
    const { origin } = shown.head;
    // An earlier feed that is still going on: what was seen of that one must be proved.
    if (newest !== undefined && origin !== newest.head.origin)
      shown = await ask(feeds.feed(origin));
    if (shown.head.origin !== origin)
      throw new ArchiveError('peer_invalid', 'the peer shows two logs at once');
    const known = judgeHead(peer, shown, feeds, sha256);
    const pull = new Pull(peer, reader, shown.head, known.taken, parts, options);
    const report = await pull.run();
    await stream.end();
    return report;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

class Pull {
  readonly #peer: Did;
  readonly #reader: FeedReader;
  readonly #head: FeedHead;
  readonly #taking: Taking;
  readonly #parts: PullParts;
  readonly #options: SyncOptions;
  #entries = 0;
  #skipped = 0;
  #whySkipped: string | undefined;
  #bytes = 0;
  /** Who wrote most of the page before. */
  #author: Did | undefined;
  /** The import of the page before the one that is being received. */
  #importing: Promise<void> = Promise.resolve();

  constructor(
    peer: Did,
    reader: FeedReader,
    head: FeedHead,
    taken: Frontier,
    parts: PullParts,
    options: SyncOptions,
  ) {
    this.#peer = peer;
    this.#reader = reader;
    this.#head = head;
    this.#taking = new Taking(head.origin, taken, parts);
    this.#parts = parts;
    this.#options = options;
  }

  async run(): Promise<SyncReport> {
    this.#tell();
    let listed = this.#taking.frontier;
    try {
      while (listed.size < this.#head.size) {
        const { leaves, frontier } = await this.#page(listed);
        await this.#fetch(leaves);
        listed = frontier;
      }
    } finally {
      await this.#importing;
    }
    const records = this.#options.withRecords === true ? await this.#records() : [];
    const { size } = this.#head;
    return {
      entries: this.#entries,
      skipped: this.#skipped,
      whySkipped: this.#whySkipped,
      records,
      bytes: this.#bytes,
      size,
    };
  }

  /** Returns the next leaves of the log, proved to be those that the head signs. */
  async #page(
    listed: Frontier,
  ): Promise<{ readonly leaves: readonly Leaf[]; readonly frontier: Frontier }> {
    const { sha256 } = this.#parts;
    const { size, root } = this.#head;
    const limit = Math.min(MAX_LEAVES, size - listed.size);
    const { leaves, proof } = await this.#reader.leaves(listed.size, limit);
    let frontier = listed;
    for (const leaf of leaves) {
      frontier = appendLeaf(frontier, leafHash(leaf, sha256), sha256).frontier;
    }
    const end = rootOf(frontier, sha256);
    if (verifyConsistency(frontier.size, size, proof, end, root, sha256))
      return { leaves, frontier };
    throw new ArchiveError(
      'peer_invalid',
      `the peer lists entries ${listed.size} to ${frontier.size} otherwise than its signed head says`,
    );
  }

  /** Fetches the bodies that are lacking; each page is imported while the next is received. */
  async #fetch(leaves: readonly Leaf[]): Promise<void> {
    const lacking = leaves.filter((leaf) => this.#taking.lacks(leaf));
    const bodies = this.#reader.bodies(lacking);
    let steps: Step[] = [];
    let next = 0;
    let count = 0;
    let byteLength = 0;
    for (const leaf of leaves) {
      if (leaf !== lacking[next]) {
        steps.push({ leaf, delivery: undefined });
        continue;
      }
      next += 1;
      const { value: delivery } = await bodies.next();
      if (delivery === undefined) throw new RangeError('every lacking leaf has a body');
      steps.push({ leaf, delivery });
      count += 1;
      byteLength += sizeOf(delivery);
      if (count < PAGE_ENTRIES && byteLength < PAGE_BYTES) continue;
      await this.#hand(steps, byteLength);
      steps = [];
      count = 0;
      byteLength = 0;
    }
    if (steps.length > 0) await this.#hand(steps, byteLength);
  }

  /** Waits for the import before and begins this one. */
  async #hand(steps: readonly Step[], byteLength: number): Promise<void> {
    await this.#importing;
    throwIfAborted(this.#options.signal);
    this.#importing = this.#take(steps, byteLength);
    // It is awaited before the next one, or at the end.
    this.#importing.catch(() => undefined);
  }

  async #take(steps: readonly Step[], byteLength: number): Promise<void> {
    const work = () => this.#taking.take(steps);
    const { turns } = this.#parts;
    // Whose words come next is not known before they are read; mostly it goes on as it was.
    const keys = this.#author === undefined ? [this.#peer] : [this.#peer, this.#author];
    const { entries, skipped, whySkipped, author } = await (turns?.run(keys, work) ?? work());
    this.#author = author;
    this.#entries += entries;
    this.#skipped += skipped;
    this.#whySkipped ??= whySkipped;
    this.#bytes += byteLength;
    if (entries > 0) this.#options.onTaken?.(entries);
    this.#tell();
    if (this.#skipped < MAX_SKIPPED) return;
    const text = `the peer's log holds ${this.#skipped} entries that no node accepts, and perhaps more: ${this.#whySkipped}`;
    throw new ArchiveError('peer_invalid', text);
  }

  async #records(): Promise<readonly Cid[]> {
    const { feed } = this.#parts;
    const stored: Cid[] = [];
    for (let since = 0; ; ) {
      throwIfAborted(this.#options.signal);
      const missing = feed.missingRecords(since, MAX_RECORDS / 2);
      const last = missing.at(-1);
      if (last === undefined) return stored;
      for await (const records of this.#reader.records(missing)) {
        if (records.length > 0) stored.push(...(await feed.importRecords(records)));
      }
      since = last.arrival + 1;
    }
  }

  #tell(): void {
    this.#options.onProgress?.({ taken: this.#taking.frontier.size, size: this.#head.size });
  }
}

function sizeOf({ bytes, blocks, records }: Step['delivery'] & object): number {
  let size = bytes.length;
  for (const block of blocks) size += block.bytes.length;
  for (const record of records) size += record.bytes.length;
  return size;
}
