import type { Cid } from '../../core/cid.ts';
import { asArchiveError } from '../../core/errors.ts';
import { DEFAULT_PURPOSE, DEFAULT_REQUESTER } from '../../core/policy/purposes.ts';
import { DEFAULT_POLICY } from '../../core/policy/shipped.ts';
import type { HotShards } from '../../core/ports/hot-shards.ts';
import type { Log } from '../../core/ports/log.ts';
import type { RevisionTables } from '../../core/ports/revision-tables.ts';
import type { CatalogNews, WatchedQuestion } from '../../core/ports/verdict-news.ts';
import type { EventHub } from '../events/event-hub.ts';
import { timestampOf } from '../now.ts';
import { isNamed, unlessUnreadable } from '../releasing/named-releases.ts';
import { type LiveParts, LiveRelease, type LiveView } from './live-release.ts';
import { LiveTables } from './live-tables.ts';
import { servedTables } from './served-tables.ts';

/** How long what time alone changes can go unseen. */
const LOOK_MS = 60_000;

/** Changes of a list that are told of. */
const MOST_TOLD = 256;

/** Assets that are looked up one by one after news; of more, every release is looked at. */
const FEW = 1024;

/**
 * The recorded releases whose bytes are here, without what they may not hold any more, while a node runs.
 * What the catalog shows is in effect with the next request; without one it is within moments.
 */
export class LiveReleases implements AsyncDisposable {
  readonly #parts: LiveParts;
  readonly #hotShards: HotShards;
  readonly #log: Log;
  readonly #events: Pick<EventHub, 'revised'>;
  /** What is told of what is left, beside the shards. */
  readonly tables: LiveTables;
  readonly #known = new Map<Cid, LiveRelease>();
  /** Those whose bytes are not here, and what kept others from being opened, until all are looked at again. */
  readonly #absent = new Set<Cid>();
  readonly #failed = new Map<Cid, unknown>();
  readonly #opening = new Map<Cid, Promise<LiveRelease | undefined>>();
  readonly #watching = new Map<string, Disposable>();
  /** Releases to be looked at before anything is told of them. */
  readonly #stale = new Set<Cid>();
  /** Those of which the last look failed: nobody can tell what was withdrawn since. */
  readonly #unsure = new Set<Cid>();
  readonly #changed = new Set<Cid>();
  readonly #timer: NodeJS.Timeout;
  /** How many releases were recorded when they were opened last. */
  #recorded = 0;
  #running: Promise<void> = Promise.resolve();
  /** Whether a round is to follow, so that of much news at once one does. */
  #isDue = false;
  #isClosed = false;

  constructor(
    parts: LiveParts & { readonly revisionTables: RevisionTables; readonly hotShards: HotShards },
    log: Log,
    events: Pick<EventHub, 'revised'>,
  ) {
    this.#parts = parts;
    this.#hotShards = parts.hotShards;
    this.#log = log;
    this.#events = events;
    this.tables = new LiveTables(parts.revisionTables, (error, release) =>
      this.#tell(error, { release }),
    );
    // What is recorded from now on is opened, and watched, as soon as the catalog shows it.
    this.#watch({ purpose: DEFAULT_PURPOSE, requester: DEFAULT_REQUESTER, policy: DEFAULT_POLICY });
    this.#timer = setInterval(() => this.#lookAtAll(), LOOK_MS).unref();
    this.#run();
  }

  /**
   * Returns the release of a name, upper and lower case being alike, and version: of several the first to
   * arrive. Undefined where there is none, or its bytes are not here. Tells nothing of what is left of it.
   */
  async named(name: string, version: string): Promise<Cid | undefined> {
    for (const { release } of this.#parts.catalog.releases()) {
      const told = await this.#nameOf(release);
      if (told !== undefined && told.version === version && isNamed(told, name)) return release;
    }
    return undefined;
  }

  /**
   * Returns what is left of a release as of now; undefined where it is not recorded, or not here.
   *
   * @throws {ArchiveError} as {@link LiveRelease.open} and `refresh`; then nothing of it is to be served.
   */
  async view(release: Cid): Promise<LiveView | undefined> {
    const live = await this.#open(release);
    for (; live !== undefined; ) {
      this.#spread();
      if (this.#stale.has(release)) await this.#refresh(live);
      else if (live.refreshing === undefined) return live.view;
      else await live.refreshing;
    }
    return undefined;
  }

  /**
   * Brings the releases up to date that a CID is, or is a block of: what {@link LiveReleases.isTouched} says
   * of them holds now.
   *
   * @throws {ArchiveError} as {@link LiveReleases.view}.
   */
  async look(cid: Cid): Promise<void> {
    const recorded = this.#parts.catalog.releases();
    if (recorded.length === 0) return;
    for (const root of [cid, ...this.#parts.content.filesWith(cid)]) {
      if (recorded.some(({ release }) => release === root)) await this.view(root);
    }
  }

  /** Looks at all of them soon, as when the bytes of one may have come. */
  lookAgain(): void {
    this.#lookAtAll();
  }

  /**
   * Says whether the copy of a release that was cut is not to be given: something was withdrawn from it, or
   * nobody can tell.
   */
  isTouched(release: Cid): boolean {
    const known = this.#known.get(release);
    if (known !== undefined) return known.view.withdrawn.size > 0 || this.#unsure.has(release);
    return this.#isRecorded(release);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const watching of this.#watching.values()) watching[Symbol.dispose]();
    await this.#running;
    await this.tables[Symbol.asyncDispose]();
  }

  #isRecorded(release: Cid): boolean {
    return this.#parts.catalog.releases().some((one) => one.release === release);
  }

  async #nameOf(release: Cid) {
    if (this.#absent.has(release)) return undefined;
    // Of one that is still coming from a partner, nobody knows that it came with all that it links to.
    const told = this.#parts.content.isRoot(release)
      ? await unlessUnreadable(this.#parts.releases.nameOf(release))
      : undefined;
    if (told === undefined) this.#absent.add(release);
    return told;
  }

  #open(release: Cid): Promise<LiveRelease | undefined> {
    const known = this.#known.get(release);
    if (known !== undefined) return Promise.resolve(known);
    let opening = this.#opening.get(release);
    if (opening === undefined) {
      // Ended by the one that began it: two that are open would write one list each.
      opening = this.#read(release).finally(() => this.#opening.delete(release));
      this.#opening.set(release, opening);
    }
    return opening;
  }

  async #read(release: Cid): Promise<LiveRelease | undefined> {
    if (this.#failed.has(release)) throw this.#failed.get(release);
    if (!this.#isRecorded(release) || (await this.#nameOf(release)) === undefined) return undefined;
    try {
      const live = await LiveRelease.open(release, this.#parts);
      this.#stale.add(release);
      this.#known.set(release, live);
      const { purpose, requester, policy } = live.view.manifest;
      this.#watch({ purpose, requester, policy: policy.name });
      this.#tellRevision(live.view);
      return live;
    } catch (error) {
      this.#failed.set(release, error);
      throw error;
    }
  }

  /** Verdicts are told by the question that is watched; releases of one question share a watch. */
  #watch({ purpose, requester, policy }: Omit<WatchedQuestion, 'at'>): void {
    const key = `${purpose} ${requester} ${policy}`;
    if (this.#watching.has(key) || this.#isClosed) return;
    const at = () => timestampOf(this.#parts.clock);
    const asked = { purpose, requester, policy, at };
    this.#watching.set(
      key,
      this.#parts.catalog.watch(asked, (news) => this.#heard(news)),
    );
  }

  #heard({ verdicts, isCut }: CatalogNews): void {
    for (const { asset } of verdicts) this.#changed.add(asset);
    if (isCut || this.#changed.size > FEW) this.#lookAtAll();
    else if (this.#changed.size > 0) this.#run();
    else if (this.#parts.catalog.releases().length !== this.#recorded) this.#run();
  }

  #lookAtAll(): void {
    this.#changed.clear();
    this.#absent.clear();
    this.#failed.clear();
    this.tables.retry();
    for (const release of this.#known.keys()) this.#stale.add(release);
    this.#run();
  }

  /** Marks the releases that changed assets are in. */
  #spread(): void {
    for (const asset of this.#changed) {
      for (const release of this.#parts.catalog.releasesWith(asset)) this.#stale.add(release);
    }
    this.#changed.clear();
  }

  async #refresh(live: LiveRelease): Promise<void> {
    const { release, revision } = live.view;
    this.#stale.delete(release);
    try {
      await live.refresh();
      this.#unsure.delete(release);
      await this.#serve(live.view.shards.values(), release);
      if (live.view.revision !== revision) this.#tellRevision(live.view);
    } catch (error) {
      this.#stale.add(release);
      this.#unsure.add(release);
      // What was withdrawn may be in any of them, and a full disk be what failed.
      await this.#serve([], release);
      throw error;
    }
  }

  async #serve(shards: Iterable<{ readonly cid: Cid }>, release: Cid): Promise<void> {
    await this.#hotShards.serve(release, new Set(Iterator.from(shards).map(({ cid }) => cid)));
  }

  /** Opens what is recorded, and looks at what is stale, without being asked. */
  #run(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#running = this.#running.then(async () => {
      this.#isDue = false;
      try {
        const recorded = this.#parts.catalog.releases();
        this.#recorded = recorded.length;
        for (const { release } of recorded) {
          if (this.#isClosed) return;
          await this.#look(release).catch((error) => this.#tell(error, { release }));
        }
      } catch (error) {
        this.#tell(error);
      }
    });
  }

  #tellRevision({ manifest, release, latest, withdrawn }: LiveView): void {
    if (latest === undefined) return;
    const { name, version, purpose, requester } = manifest;
    const { revision, issued, entries } = latest;
    this.#events.revised({
      ...{ release, name, version, purpose, requester, revision, issued },
      ...{ withdrawn: withdrawn.size, entries: entries.slice(0, MOST_TOLD) },
    });
  }

  async #look(release: Cid): Promise<void> {
    const view = await this.view(release);
    if (view !== undefined) await servedTables(view, { ...this.#parts, tables: this.tables });
  }

  #tell(error: unknown, about: { readonly release?: Cid } = {}): void {
    if (this.#isClosed) return;
    const { code, message } = asArchiveError(error);
    const text = `a release is not served whole: ${message}`;
    this.#log({ level: 'error', event: 'release', text, details: { ...about, code } });
  }
}
