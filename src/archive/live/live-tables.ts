import { setTimeout } from 'node:timers/promises';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError, asArchiveError } from '../../core/errors.ts';
import type { RevisionTables, WrittenTables } from '../../core/ports/revision-tables.ts';
import type { LiveView } from './live-release.ts';

/** A revision of which the tables are wanted, and when: as `performance.now()` tells it. */
interface Wanted {
  readonly view: LiveView;
  readonly since: number;
}

/**
 * So long a revision is served before its tables are written: writing them takes all that the process has, which
 * whoever asks for the shards is to have first, and of withdrawals one after another the last one's are written alone.
 */
const REST_MS = 1_000;

interface Failure {
  readonly revision: number;
  readonly error: unknown;
}

/**
 * Has the tables of revisions written, one release after another and of each the newest revision: a newer
 * one ends the writing of one before it. None is begun within a second of the first question for it.
 */
export class LiveTables implements AsyncDisposable {
  readonly #tables: RevisionTables;
  readonly #onFailure: (error: unknown, release: Cid) => void;
  readonly #restMs: number;
  readonly #closing = new AbortController();
  readonly #due = new Map<Cid, Wanted>();
  readonly #failed = new Map<Cid, Failure>();
  #current: { readonly view: LiveView; readonly stop: AbortController } | undefined;
  #running: Promise<void> | undefined;

  constructor(
    tables: RevisionTables,
    onFailure: (error: unknown, release: Cid) => void,
    { restMs = REST_MS }: { readonly restMs?: number } = {},
  ) {
    this.#tables = tables;
    this.#onFailure = onFailure;
    this.#restMs = restMs;
  }

  /**
   * Returns the tables of a revision; undefined while they are being written, which begins with this.
   *
   * @throws {ArchiveError} what kept them from being written: see `RevisionTables.write`.
   */
  async of(view: LiveView): Promise<WrittenTables | undefined> {
    const written = await this.#tables.written(view);
    if (written === undefined) this.#want(view);
    return written;
  }

  /** Tries again what has failed, when it is asked for next. */
  retry(): void {
    this.#failed.clear();
  }

  /** Streams a part of a table that {@link LiveTables.of} has returned. */
  read(view: LiveView, name: string, span: { offset: number; length: number }) {
    return this.#tables.read(view, name, span);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#due.clear();
    this.#current?.stop.abort(new ArchiveError('aborted', 'the node is stopping'));
    await this.#running;
  }

  #want(view: LiveView): void {
    const { release, revision } = view;
    const failed = this.#failed.get(release);
    if (failed?.revision === revision) throw failed.error;
    const current = this.#current?.view.release === release ? this.#current : undefined;
    const wanted = current?.view ?? this.#due.get(release)?.view;
    const isWanted = wanted !== undefined && wanted.revision >= revision;
    if (this.#closing.signal.aborted || isWanted) return;
    this.#due.set(release, { view, since: performance.now() });
    current?.stop.abort(new ArchiveError('aborted', `revision ${revision} is there`));
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
  }

  async #work(): Promise<void> {
    for (let next = this.#due.values().next(); !next.done; next = this.#due.values().next()) {
      const { view, since } = next.value;
      const restMs = since + this.#restMs - performance.now();
      if (restMs > 0) await this.#rest(restMs);
      // A newer revision may have taken its place, and rests as well.
      else await this.#write(view);
    }
  }

  async #rest(ms: number): Promise<void> {
    const { signal } = this.#closing;
    // Ended by the node's stopping alone.
    await setTimeout(ms, undefined, { signal }).catch(() => {});
  }

  async #write(view: LiveView): Promise<void> {
    this.#due.delete(view.release);
    const stop = new AbortController();
    this.#current = { view, stop };
    try {
      await this.#tables.write(view, { signal: stop.signal });
    } catch (error) {
      // What was ended is asked for again, by whoever wants it.
      if (asArchiveError(error).code !== 'aborted') this.#fail(view, error);
    } finally {
      this.#current = undefined;
    }
  }

  #fail({ release, revision }: LiveView, error: unknown): void {
    this.#failed.set(release, { revision, error });
    this.#onFailure(error, release);
  }
}
