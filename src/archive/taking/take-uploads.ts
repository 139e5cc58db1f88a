import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { CatalogueRow } from '../../core/ports/intake.ts';
import type { Archive } from '../archive.ts';
import type { IngestEvent } from './ingest-events.ts';
import { IntakeRun } from './intake-run.ts';
import type { Recorded } from './record-deposits.ts';
import { storeGroup } from './take-in.ts';

/**
 * Returns the row that words make, given by the names of a catalogue's columns; undefined for none.
 *
 * @throws {ArchiveError} as {@link Intake.readRow}.
 */
export async function uploadedRow(
  name: string,
  words: Readonly<Record<string, string>>,
  { intake }: Pick<Archive, 'intake'>,
): Promise<CatalogueRow | undefined> {
  if (Object.keys(words).length === 0) return undefined;
  return intake.readRow({ path: name, ...words });
}

/** A file that somebody sent, whole and at rest. */
export interface Upload {
  /** Where its bytes lie, absolute. */
  readonly path: string;
  /** Its place in the collection, `/` between parts. */
  readonly name: string;
  readonly size: number;
  /** What is said of it; without a row, nothing is. */
  readonly row: CatalogueRow | undefined;
}

export interface Uploaded {
  readonly asset: Cid;
  /** False where it was deposited before, in the same collection under the same name. */
  readonly isDeposited: boolean;
  /** What else there is to tell of it, as `ingest` tells it. */
  readonly events: readonly IngestEvent[];
}

export interface TakenUploads {
  /** What became of each, in the same order: one that is refused stops none of the others. */
  readonly outcomes: readonly (Uploaded | ArchiveError)[];
  /** What there is to tell of all of them. */
  readonly events: readonly IngestEvent[];
}

/**
 * Takes files into the archive by the one way in, in one run, as `ingest` does. No two have the same name. What
 * it records is durable when the promise resolves. Until their bytes are stored the signal stops it and nothing
 * of them stays; from then on it goes through to the end, since bytes without a deposit would be left.
 *
 * @throws {ArchiveError} what concerns all of them: `screening_unavailable`, `usage_invalid`, `disk_full`,
 * `aborted`.
 */
export async function takeUploads(
  uploads: readonly Upload[],
  terms: { readonly collection: string; readonly custody: boolean },
  parts: Archive,
  signal: AbortSignal,
): Promise<TakenUploads> {
  const recorded = new Map<string, Recorded>();
  const refused = new Map<string, ArchiveError>();
  const run = new IntakeRun({ ...terms, catalogueName: '' }, parts, (file) =>
    recorded.set(file.file.file.relative, file),
  );
  const offers = uploads.map(({ path, name, size, row }) => ({
    file: {
      kind: 'file' as const,
      path: new TextEncoder().encode(path),
      name: name.slice(name.lastIndexOf('/') + 1),
      relative: name,
      size,
      modifiedMs: parts.clock(),
    },
    row,
  }));
  const group = await storeGroup(offers, parts, { signal });
  for (const { file, error } of group.refused) refused.set(file.relative, error);
  // Where none is left, nothing is said, not even that there is such a collection.
  const events =
    group.files.length === 0
      ? []
      : [...(await run.record(run.inspect({ ...group, refused: [] }))), ...(await run.claim())];
  for (const event of events) {
    if (event.event !== 'failed') continue;
    refused.set(event.subject, new ArchiveError(event.code, event.text));
  }
  return {
    outcomes: uploads.map(({ name }) => {
      const error = refused.get(name);
      const file = recorded.get(name);
      if (error !== undefined) return error;
      if (file === undefined) throw new Error('an upload that was neither taken in nor refused');
      const { asset, outcome } = file;
      const own = events.filter((event) => assetOf(event) === asset);
      return { asset, isDeposited: outcome === 'deposited', events: own };
    }),
    events: events.filter(({ event }) => event === 'warning'),
  };
}

/** Returns the asset that an event is about. */
function assetOf(event: IngestEvent): Cid | undefined {
  if (event.event === 'match') return event.deposited;
  return event.event === 'quarantined' ? event.asset : undefined;
}
