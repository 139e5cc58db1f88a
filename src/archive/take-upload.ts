import type { Cid } from '../core/cid.ts';
import type { CatalogueRow } from '../core/ports/intake.ts';
import type { Archive } from './archive.ts';
import type { IngestEvent } from './ingest-events.ts';
import { IntakeRun } from './intake-run.ts';
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
  readonly collection: string;
  readonly custody: boolean;
  /** What is said of it; without a row, nothing is. */
  readonly row: CatalogueRow | undefined;
}

export interface Uploaded {
  readonly asset: Cid;
  /** False where it was deposited before, in the same collection under the same name. */
  readonly isDeposited: boolean;
  /** What else there is to tell, as `ingest` tells it. */
  readonly events: readonly IngestEvent[];
}

/**
 * Takes one file into the archive by the one way in, as `ingest` does. What it records is durable when the
 * promise resolves. Until its bytes are stored the signal stops it and nothing of it stays; from then on
 * it goes through to the end, since bytes without a deposit would be left.
 *
 * @throws {ArchiveError} `digest_mismatch` and others of one file; `screening_unavailable`, `usage_invalid`,
 * `disk_full`, `aborted`.
 */
export async function takeUpload(
  upload: Upload,
  parts: Archive,
  signal: AbortSignal,
): Promise<Uploaded> {
  const { path, name, size, collection, custody, row } = upload;
  const run = new IntakeRun({ collection, custody, catalogueName: '' }, parts);
  const file = {
    kind: 'file',
    path: new TextEncoder().encode(path),
    name: name.slice(name.lastIndexOf('/') + 1),
    relative: name,
    size,
    modifiedMs: parts.clock(),
  } as const;
  const group = await storeGroup([{ file, row }], parts, { signal });
  for (const { error } of group.refused) throw error;
  const recorded = await run.record(run.inspect(group));
  const events = [...recorded, ...(await run.claim())];
  const [stored] = group.files;
  if (stored === undefined) throw new Error('a stored group without its only file');
  return { asset: stored.stored.cid, isDeposited: run.count.deposits > 0, events };
}
