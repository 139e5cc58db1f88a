import type { Cid } from '../../core/cid.ts';
import { asArchiveError } from '../../core/errors.ts';
import type { CatalogNews } from '../../core/ports/catalog.ts';
import type { Log } from '../../core/ports/log.ts';
import { isUnreadable } from '../named-releases.ts';
import { timestampOf } from '../now.ts';
import { type LiveParts, LiveRelease, type LiveView } from './live-release.ts';

/** How long what time alone changes can go unseen. */
const LOOK_MS = 60_000;

/** Assets that are looked up one by one after news; of more, every release is looked at. */
const FEW = 1024;

/**
 * The recorded releases whose bytes are here, without what they may not hold any more, while a node runs.
 * What the catalog shows is in effect with the next request; without one it is within moments.
 */
export class LiveReleases implements AsyncDisposable {
  readonly #parts: LiveParts;
  readonly #log: Log;
  readonly #known = new Map<Cid, LiveRelease>();
  /** Those that could not be opened, until all are looked at again. */
  readonly #unreadable = new Set<Cid>();
  readonly #opening = new Map<Cid, Promise<LiveRelease | undefined>>();
  readonly #watching = new Map<string, Disposable>();
  /** Releases to be looked at before anything is told of them. */
  readonly #stale = new Set<Cid>();
  readonly #changed = new Set<Cid>();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: LiveParts, log: Log) {
    this.#parts = parts;
    this.#log = log;
    this.#timer = setInterval(() => this.#lookAtAll(), LOOK_MS).unref();
    this.#run();
  }

  /**
   * Returns a release by its name, upper and lower case being alike, and version: of several the first to
   * arrive. Undefined where there is none, or its bytes are not here.
   */
  async named(name: string, version: string): Promise<LiveView | undefined> {
    for (const { release } of this.#parts.catalog.releases()) {
      const found = await this.#open(release);
      const manifest = found?.view.manifest;
      if (manifest?.version !== version) continue;
      if (manifest.name.toLowerCase() === name.toLowerCase()) return this.view(release);
    }
    return undefined;
  }

  /**
   * Returns what is left of a release as of now; undefined where it is not recorded, or not here.
   *
   * @throws {ArchiveError} as {@link LiveRelease.refresh}; then nothing of it is to be served.
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

  /** Says whether something was withdrawn from a release: the copy that was cut is not to be given then. */
  isTouched(release: Cid): boolean {
    return (this.#known.get(release)?.view.withdrawn.size ?? 0) > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const watching of this.#watching.values()) watching[Symbol.dispose]();
    await this.#running;
  }

  #open(release: Cid): Promise<LiveRelease | undefined> {
    const known = this.#known.get(release);
    if (known !== undefined) return Promise.resolve(known);
    const opening = this.#opening.get(release) ?? this.#read(release);
    this.#opening.set(release, opening);
    return opening.finally(() => this.#opening.delete(release));
  }

  async #read(release: Cid): Promise<LiveRelease | undefined> {
    const isRecorded = this.#parts.catalog.releases().some((one) => one.release === release);
    if (!isRecorded || this.#unreadable.has(release)) return undefined;
    try {
      const live = await LiveRelease.open(release, this.#parts);
      this.#stale.add(release);
      this.#known.set(release, live);
      this.#watch(live.view);
      return live;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.#unreadable.add(release);
      return undefined;
    }
  }

  /** Verdicts are told by the question that is watched; releases of one question share a watch. */
  #watch({ manifest }: LiveView): void {
    const { purpose, requester, policy } = manifest;
    const key = `${purpose} ${requester} ${policy.name}`;
    if (this.#watching.has(key) || this.#isClosed) return;
    const at = () => timestampOf(this.#parts.clock);
    const asked = { purpose, requester, policy: policy.name, at };
    this.#watching.set(
      key,
      this.#parts.catalog.watch(asked, (news) => this.#heard(news)),
    );
  }

  #heard({ verdicts, isCut }: CatalogNews): void {
    for (const { asset } of verdicts) this.#changed.add(asset);
    if (isCut || this.#changed.size > FEW) this.#lookAtAll();
    else if (this.#changed.size > 0) this.#run();
  }

  #lookAtAll(): void {
    this.#changed.clear();
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
    const { release } = live.view;
    this.#stale.delete(release);
    try {
      await live.refresh();
    } catch (error) {
      this.#stale.add(release);
      throw error;
    }
  }

  /** Opens what is recorded, and looks at what is stale, without being asked. */
  #run(): void {
    this.#running = this.#running.then(async () => {
      this.#unreadable.clear();
      try {
        for (const { release } of this.#parts.catalog.releases()) {
          if (this.#isClosed) return;
          await this.view(release).catch((error) => this.#tell(error, { release }));
        }
      } catch (error) {
        this.#tell(error);
      }
    });
  }

  #tell(error: unknown, about: { readonly release?: Cid } = {}): void {
    if (this.#isClosed) return;
    const { code, message } = asArchiveError(error);
    const text = `a release is not served: ${message}`;
    this.#log({ level: 'error', event: 'release', text, details: { ...about, code } });
  }
}
