import type { Archive } from '../../archive/archive.ts';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { takeUploaded } from '../../archive/operations/take-files.ts';
import { uploadedRow } from '../../archive/take-upload.ts';
import type { SaidOfUpload } from '../contract/upload-endpoints.ts';

/** A file that has come whole. */
interface WholeFile {
  readonly path: string;
  readonly size: number;
}

export interface TakenFile {
  /** The asset as it is shown, with what there is to tell. */
  readonly asset: { readonly cid: string };
  readonly isDeposited: boolean;
}

/**
 * Looks at what is said of a file before it comes.
 *
 * @throws {ArchiveError} as {@link Intake.readRow}.
 */
export async function checkSaid(
  said: SaidOfUpload,
  archive: Pick<Archive, 'intake'>,
): Promise<void> {
  await uploadedRow(said.name, wordsOf(said), archive);
}

/** Has a file taken in with what was said of it; what is recorded is durable when the promise resolves. */
export async function takeFile(
  { path, size }: WholeFile,
  said: SaidOfUpload,
  runner: Pick<OperationRunner, 'start'>,
  signal: AbortSignal,
): Promise<TakenFile> {
  const { name, collection, custody } = said;
  const input = { path, name, size, collection, custody: custody === 'true', words: wordsOf(said) };
  const told = { signal, progress() {}, notice() {}, async item() {} };
  return runner.start(takeUploaded, input, told).result;
}

/** Returns what is said of the file itself, by the names of a catalogue's columns. */
function wordsOf({
  name: _name,
  collection: _collection,
  custody: _custody,
  sha256: _sha256,
  ...words
}: SaidOfUpload): Readonly<Record<string, string>> {
  return words;
}
