import type { Cid } from '../../core/cid.ts';
import { ArchiveError, asArchiveError } from '../../core/errors.ts';
import type { RevisionTables, WrittenTables } from '../../core/ports/revision-tables.ts';
import type { LiveView } from './live-release.ts';

interface Failure {
  readonly revision: number;
  readonly error: unknown;
}

/**
 * Has the tables of revisions written, one release after another and of each the newest revision: a newer
 * one ends the writing of one before it.
 */
export class LiveTables implements AsyncDisposable {
  readonly #tables: RevisionTables;
  readonly #onFailure: (error: unknown, release: Cid) => void;
  readonly #due = new Map<Cid, LiveView>();
  readonly #failed = new Map<Cid, Failure>();
  #current: { readonly view: LiveView; readonly stop: AbortController } | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(tables: RevisionTables, onFailure: (error: unknown, release: Cid) => void) {
    this.#tables = tables;
    this.#onFailure = onFailure;
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
    this.#isClosed = true;
    this.#due.clear();
    this.#current?.stop.abort(new ArchiveError('aborted', 'the node is stopping'));
    await this.#running;
  }

  #want(view: LiveView): void {
    const { release, revision } = view;
    const failed = this.#failed.get(release);
    if (failed?.revision === revision) throw failed.error;
    const current = this.#current;
    if (
      this.#isClosed ||
      (current?.view.release === release && current.view.revision >= revision)
    ) {
      return;
    }
    this.#due.set(release, view);
    if (current?.view.release === release) {
      current.stop.abort(new ArchiveError('aborted', `revision ${revision} is there`));
    }
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
  }

  async #work(): Promise<void> {
    for (let next = this.#due.values().next(); !next.done; next = this.#due.values().next()) {
      const view = next.value;
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
  }

  #fail({ release, revision }: LiveView, error: unknown): void {
    this.#failed.set(release, { revision, error });
    this.#onFailure(error, release);
  }
}
