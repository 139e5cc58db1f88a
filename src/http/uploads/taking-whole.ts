import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Archive } from '../../archive/archive.ts';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { parseCid } from '../../core/cid.ts';
import { ArchiveError, type ErrorCode } from '../../core/errors.ts';
import type { SaidOfUpload } from '../contract/upload-endpoints.ts';
import type { PartsFolder } from './parts-folder.ts';
import { type TakenFile, type TakenFiles, takeFiles } from './take-file.ts';

/** An upload of which all bytes are here. */
export interface WholeUpload {
  readonly id: string;
  readonly size: number;
  readonly said: SaidOfUpload;
}

/** What became of an upload: an asset, or why not. */
export type Outcome =
  | { readonly asset: TakenFile['asset']; readonly runEvents: TakenFiles['events'] }
  | { readonly error: unknown };

/** What speaks of an upload itself, or of what was said of it: it can never be taken in. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  ...(['input_invalid', 'digest_mismatch'] as const),
  ...(['catalogue_invalid', 'row_invalid', 'licence_unknown'] as const),
]);

/**
 * Takes in resumable uploads that have come whole. That goes on when the client has gone: what became of an
 * upload is remembered. One that the archive will not have is removed; one that the node could not take in
 * stays, whatever was in the way, and can be tried again.
 */
export class TakingWhole {
  readonly #parts: PartsFolder;
  readonly #runner: Pick<OperationRunner, 'start'>;
  readonly #catalog: Pick<Archive['catalog'], 'asset'>;
  readonly #taking = new Map<string, Promise<Outcome>>();

  constructor(
    parts: PartsFolder,
    runner: Pick<OperationRunner, 'start'>,
    catalog: Pick<Archive['catalog'], 'asset'>,
  ) {
    this.#parts = parts;
    this.#runner = runner;
    this.#catalog = catalog;
  }

  /** Returns what became of an upload that was taken in; undefined for any other. */
  async before(id: string): Promise<Outcome | undefined> {
    const outcome = await this.#parts.outcomeOf(id);
    const view = outcome && this.#catalog.asset(parseCid(outcome.cid));
    return view && { asset: { ...view, events: [] }, runEvents: [] };
  }

  /** Returns the asset as JSON. What is recorded is durable then. */
  async take(upload: WholeUpload): Promise<string> {
    const [outcome] = await this.takeTogether([upload]);
    if (outcome === undefined) throw new Error('an upload of which nothing became');
    if ('error' in outcome) throw outcome.error;
    const { asset, runEvents } = outcome;
    return `${JSON.stringify({ ...asset, events: [...asset.events, ...runEvents] })}\n`;
  }

  /**
   * Takes uploads in together, in as few runs as what is said of them allows, and returns what became of each,
   * in the same order. What is recorded is durable then.
   */
  async takeTogether(uploads: readonly WholeUpload[]): Promise<readonly Outcome[]> {
    let before: Promise<unknown> = Promise.resolve();
    for (const run of runsOf(uploads.filter(({ id }) => !this.#taking.has(id)))) {
      const begin = () => this.#takeRun(run);
      const taking = before.then(begin);
      before = taking;
      for (const { id } of run) {
        const own = taking.then((outcomes) => outcomes.get(id) ?? NOTHING);
        this.#taking.set(
          id,
          own.finally(() => this.#taking.delete(id)),
        );
      }
    }
    return Promise.all(uploads.map(({ id }) => this.#taking.get(id) ?? NOTHING));
  }

  /** Resolves when an upload is not being taken in, or not any more. */
  async taken(id: string): Promise<void> {
    await Promise.allSettled([this.#taking.get(id)]);
  }

  /** Never rejects. */
  async #takeRun(uploads: readonly WholeUpload[]): Promise<ReadonlyMap<string, Outcome>> {
    const outcomes = new Map<string, Outcome>();
    const sound: (WholeUpload & { readonly path: string })[] = [];
    for (const upload of uploads) {
      // It may have been, since somebody found it whole.
      const before = await this.before(upload.id);
      if (before !== undefined) {
        outcomes.set(upload.id, before);
        continue;
      }
      const path = join(this.#parts.path, upload.id);
      const error = await otherThanSaid(path, upload.said.sha256);
      if (error === undefined) sound.push({ ...upload, path });
      else outcomes.set(upload.id, { error });
    }
    try {
      const { signal } = new AbortController();
      const taken = await takeFiles(sound, this.#runner, signal);
      for (const [place, { id, size }] of sound.entries()) {
        const outcome = taken.outcomes[place];
        if (outcome === undefined) continue;
        if (outcome instanceof ArchiveError) {
          outcomes.set(id, { error: outcome });
        } else {
          await this.#parts.settle(id, { cid: outcome.asset.cid, size });
          outcomes.set(id, { asset: outcome.asset, runEvents: taken.events });
        }
      }
    } catch (error) {
      for (const { id } of sound) if (!outcomes.has(id)) outcomes.set(id, { error });
    }
    for (const [id, outcome] of outcomes) {
      if (!('error' in outcome && isFinal(outcome.error))) continue;
      // What cannot be removed now expires.
      await this.#parts.remove(id).catch(() => {});
    }
    return outcomes;
  }
}

const NOTHING: Outcome = { error: new Error('an upload of which nothing became') };

function isFinal(error: unknown): boolean {
  return error instanceof ArchiveError && FINAL.has(error.code);
}

/** Divides uploads into what one run takes in: into one collection, on one's own terms, each name once. */
function runsOf(uploads: readonly WholeUpload[]): readonly (readonly WholeUpload[])[] {
  const runs: { terms: string; names: Set<string>; uploads: WholeUpload[] }[] = [];
  const seen = new Set<string>();
  for (const upload of uploads) {
    const { collection, custody, name } = upload.said;
    if (seen.has(upload.id)) continue;
    seen.add(upload.id);
    const terms = JSON.stringify([collection, custody]);
    let run = runs.find((one) => one.terms === terms && !one.names.has(name));
    if (run === undefined) {
      run = { terms, names: new Set(), uploads: [] };
      runs.push(run);
    }
    run.names.add(name);
    run.uploads.push(upload);
  }
  return runs.map((run) => run.uploads);
}

/** Returns why the bytes are not what was said, if they are not, or cannot be read. */
async function otherThanSaid(path: string, sha256: string | undefined): Promise<unknown> {
  if (sha256 === undefined) return undefined;
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    return error;
  }
  const found = hash.digest('hex');
  if (found === sha256) return undefined;
  const text = `what was sent has the sha-256 ${found}, which is not ${sha256}; send it again`;
  return new ArchiveError('digest_mismatch', text);
}
