import type { Did } from '../../core/entries/did-key.ts';
import { readEntry } from '../../core/entries/entry.ts';
import { entryHashToBytes } from '../../core/entries/entry-hash.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/hash.ts';
import { appendLeaf, type Frontier, leafHash } from '../../core/merkle/tree.ts';
import type { KnownFeeds, SkippedLeaf, Taken } from '../../core/ports/known-feeds.ts';
import type { Delivery, Imported, Leaf, LedgerFeed } from '../../core/ports/ledger-feed.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { leafKey } from './protocol.ts';

/** A leaf of the other feed, with its entry where it was fetched. */
export interface Step {
  readonly leaf: Leaf;
  readonly delivery: Delivery | undefined;
}

/** What has come of a feed in one pull. */
interface TakenCount {
  readonly entries: number;
  readonly skipped: number;
  /** Why the first of them was skipped. */
  readonly whySkipped: string | undefined;
  /** Who wrote most of the entries; undefined if there were none. */
  readonly author: Did | undefined;
}

/** Takes the leaves of one feed in its order; where it stands is durable together with the entries. */
export class Taking {
  readonly #origin: string;
  readonly #feed: LedgerFeed;
  readonly #feeds: KnownFeeds;
  readonly #sha256: Sha256;
  #frontier: Frontier;

  constructor(
    origin: string,
    frontier: Frontier,
    parts: { readonly feed: LedgerFeed; readonly feeds: KnownFeeds; readonly sha256: Sha256 },
  ) {
    this.#origin = origin;
    this.#frontier = frontier;
    this.#feed = parts.feed;
    this.#feeds = parts.feeds;
    this.#sha256 = parts.sha256;
  }

  /** How far the feed is taken. */
  get frontier(): Frontier {
    return this.#frontier;
  }

  /** Says whether the body of this leaf is needed. */
  lacks(leaf: Leaf): boolean {
    return !this.#feed.has(leaf) && !this.#feeds.isSkipped(this.#origin, leaf);
  }

  /**
   * Takes the next leaves, all or up to the first that cannot be taken; what comes before it is taken
   * and durable when this fails. Invalid ones and what builds on them are skipped.
   *
   * @throws {ArchiveError} `peer_invalid` if the feed lists an entry before its parents or withholds
   * what belongs to one, `format_unknown` for an entry under newer rules.
   */
  async take(steps: readonly Step[]): Promise<TakenCount> {
    const deliveries = steps.flatMap(({ delivery }) => (delivery === undefined ? [] : [delivery]));
    let walked: Walk | undefined;
    const imported = await this.#feed.importEntries(deliveries, (outcomes) => {
      walked = this.#walk(steps, outcomes);
      return { origin: this.#origin, frontier: walked.frontier, skipped: walked.skipped };
    });
    const { frontier, skipped, stop } = walked ?? this.#walk(steps, imported);
    this.#frontier = frontier;
    if (stop !== undefined) throw stop;
    const authors = imported.flatMap((one) => (one.outcome === 'accepted' ? [one.author] : []));
    return {
      entries: authors.length,
      skipped: skipped.length,
      whySkipped: skipped[0]?.reason,
      author: mostFrequent(authors),
    };
  }

  #walk(steps: readonly Step[], outcomes: readonly Imported[]): Walk {
    const accepted = new Map<EntryHash, number>();
    for (const [i, one] of outcomes.entries()) {
      if (one.outcome === 'accepted' && !accepted.has(one.entry)) accepted.set(one.entry, i);
    }
    const skipped = new Map<string, SkippedLeaf>();
    let frontier = this.#frontier;
    let at = 0;
    for (const { leaf, delivery } of steps) {
      if (delivery !== undefined) {
        const place = at++;
        const one = outcomes[place];
        if (one?.outcome === 'refused') {
          const isBefore = (parent: EntryHash) =>
            skipped.has(leafKey(entryHashToBytes(parent))) ||
            this.#isBefore(parent, accepted.get(parent) ?? -1, place);
          const stop = stopOf(one.entry, one.error, delivery, isBefore);
          if (stop !== undefined) return { frontier, skipped: [...skipped.values()], stop };
          skipped.set(leafKey(leaf), { leaf, reason: one.error.message });
        }
      }
      frontier = appendLeaf(frontier, leafHash(leaf, this.#sha256), this.#sha256).frontier;
    }
    return { frontier, skipped: [...skipped.values()], stop: undefined };
  }

  /** Whether a parent came before its child, which is the `place`th of those that were fetched. */
  #isBefore(parent: EntryHash, parentPlace: number, place: number): boolean {
    if (this.#feeds.isSkipped(this.#origin, entryHashToBytes(parent))) return true;
    return this.#feed.arrivalOf(parent) !== undefined && parentPlace < place;
  }
}

function mostFrequent<T>(items: readonly T[]): T | undefined {
  const groups = [...Map.groupBy(items, (item) => item).values()];
  return groups.sort((a, b) => b.length - a.length)[0]?.[0];
}

interface Walk extends Omit<Taken, 'origin'> {
  readonly stop: ArchiveError | undefined;
}

/** Returns why the feed cannot be taken further; undefined for an entry that is merely invalid. */
function stopOf(
  entry: EntryHash,
  error: ArchiveError,
  delivery: Delivery,
  isBefore: (parent: EntryHash) => boolean,
): ArchiveError | undefined {
  if (error.code === 'format_unknown') return error;
  if (error.code === 'block_missing') {
    return invalid(`withholds what belongs to entry ${entry}: ${error.message}`, error);
  }
  const early = parentsOf(delivery).find((parent) => !isBefore(parent));
  if (early === undefined) return undefined;
  return invalid(`lists entry ${entry} before its parent ${early}`, error);
}

function parentsOf({ bytes }: Delivery): readonly EntryHash[] {
  try {
    return readEntry(bytes).next;
  } catch (error) {
    if (error instanceof ArchiveError) return [];
    throw error;
  }
}

function invalid(what: string, cause: ArchiveError): ArchiveError {
  return new ArchiveError('peer_invalid', `the peer ${what}`, { cause });
}
