import { DEFAULT_PURPOSE, DEFAULT_REQUESTER } from '../../core/policy/purposes.ts';
import { DEFAULT_POLICY } from '../../core/policy/shipped.ts';
import type { Catalog } from '../../core/ports/catalog.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { PeerChange } from '../../core/ports/network.ts';
import type { CatalogNews } from '../../core/ports/verdict-news.ts';
import type { Progress } from '../operations/operation.ts';
import { type ArchiveEvent, type EventData, eventsOf } from './event.ts';
import { Mailbox } from './mailbox.ts';
import { VerdictLog } from './verdict-log.ts';

const ASKED = {
  purpose: DEFAULT_PURPOSE,
  policy: DEFAULT_POLICY,
  requester: DEFAULT_REQUESTER,
} as const;

/** An event; or that everything up to and including an arrival number has been told. */
export type Told = { readonly event: ArchiveEvent } | { readonly upTo: number };

/** Where one reader is. */
interface Position {
  arrival: number;
  change: number;
  revision: number;
}

interface HubParts {
  readonly ledger: Pick<Ledger, 'arrivals' | 'size'>;
  readonly catalog: Pick<Catalog, 'watch'>;
  /** The time as RFC 3339 text. */
  readonly at: () => string;
}

/**
 * Tells readers what happens in the archive while a node runs. An entry is told when the catalog shows
 * it, so whoever asks about what he is told gets the answer that follows from it.
 *
 * What is told of entries is read from the ledger, once for each reader and as fast as he takes it.
 */
export class EventHub implements Disposable {
  readonly #ledger: HubParts['ledger'];
  readonly #log: VerdictLog;
  readonly #watching: Disposable;
  readonly #readers = new Set<Mailbox>();
  /** Entries below this arrival number are in the catalog. */
  #next: number;
  #operations = 0;
  /** The newest revision of each release, the last to come being the last. */
  readonly #revisions = new Map<string, { number: number; data: EventData<'revision'> }>();
  #revised = 0;

  /** The catalog has to be caught up with the ledger. */
  constructor({ ledger, catalog, at }: HubParts) {
    this.#ledger = ledger;
    this.#next = ledger.size();
    this.#log = new VerdictLog(this.#next);
    this.#watching = catalog.watch({ ...ASKED, at }, (news) => this.#heard(news));
  }

  /** How many readers there are now. */
  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Yields what has happened since the entry with arrival number `since`, without it, then what
   * happens, until the signal fires; without `since`, what happens from now on. Some of it can be told
   * twice after going on, nothing is left out: where changes of verdicts are not remembered, `recheck`
   * says so.
   */
  async *read(options: {
    readonly since?: number | undefined;
    readonly signal: AbortSignal;
  }): AsyncGenerator<Told, void> {
    const { since, signal } = options;
    const mailbox = new Mailbox();
    this.#readers.add(mailbox);
    try {
      const at = this.#begin(since);
      if (since !== undefined && !this.#remembers(since + 1)) yield this.#recheck();
      while (!signal.aborted) {
        yield* this.#entries(at, signal);
        yield* this.#verdicts(at, this.#next);
        yield* this.#revisionsAfter(at);
        for (const event of mailbox.take()) yield { event };
        await mailbox.wait(signal);
      }
    } finally {
      this.#readers.delete(mailbox);
    }
  }

  /** Says that a partner has come or gone. */
  peerChanged({ peer, connected }: Pick<PeerChange, 'peer' | 'connected'>): void {
    this.#pass({ name: 'peer', data: { peer, connected } });
  }

  /** Says which revision of a release is in force, the first time and whenever it is another. */
  revised(data: EventData<'revision'>): void {
    this.#revised += 1;
    this.#revisions.delete(data.release);
    this.#revisions.set(data.release, { number: this.#revised, data });
    for (const reader of this.#readers) reader.news();
  }

  /** Begins to tell how far an operation is; what it returns tells it. */
  operation(name: string): (what: string, done: Progress, ended?: boolean) => void {
    this.#operations += 1;
    const operation = this.#operations;
    return (what, done, ended = false) => {
      this.#pass({ name: 'progress', data: { operation, name, what, ...done, ended } });
    };
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
  }

  /** An arrival number that is not there yet is of a ledger that was restored since. */
  #remembers(arrival: number): boolean {
    return arrival >= this.#log.completeFrom && arrival <= this.#next;
  }

  #begin(since: number | undefined): Position {
    const arrival = since === undefined ? this.#next : Math.min(since + 1, this.#next);
    // What came late may be told with the last entry that the reader has seen.
    const change = this.#log.numberAt(since === undefined ? arrival : arrival - 1);
    return { arrival, change, revision: since === undefined ? this.#revised : 0 };
  }

  async *#entries(at: Position, signal: AbortSignal): AsyncGenerator<Told> {
    if (at.arrival >= this.#next) return;
    for await (const arrival of this.#ledger.arrivals(at.arrival)) {
      if (arrival.number >= this.#next || signal.aborted) return;
      for (const event of eventsOf(arrival)) yield { event };
      yield* this.#verdicts(at, arrival.number);
      at.arrival = arrival.number + 1;
      yield { upTo: arrival.number };
    }
  }

  *#verdicts(at: Position, upTo: number): Generator<Told> {
    if (at.change < this.#log.first) {
      at.change = this.#log.first;
      yield this.#recheck();
    }
    for (;;) {
      const change = this.#log.change(at.change);
      if (change === undefined || change.arrival > upTo) return;
      at.change += 1;
      yield { event: { name: 'verdict', data: { ...change, ...ASKED } } };
    }
  }

  *#revisionsAfter(at: Position): Generator<Told> {
    if (at.revision === this.#revised) return;
    const from = at.revision;
    at.revision = this.#revised;
    for (const { number, data } of [...this.#revisions.values()]) {
      if (number > from) yield { event: { name: 'revision', data } };
    }
  }

  #recheck(): Told {
    const why = 'which verdicts have changed is not remembered';
    return { event: { name: 'recheck', data: { arrival: Math.max(this.#next - 1, 0), why } } };
  }

  #heard(news: CatalogNews): void {
    this.#next = news.next;
    this.#log.add(news);
    for (const reader of this.#readers) reader.news();
  }

  #pass(event: Extract<ArchiveEvent, { readonly name: 'peer' | 'progress' }>): void {
    for (const reader of this.#readers) reader.put(event);
  }
}
