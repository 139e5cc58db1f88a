import type { Archive } from '../../archive/archive.ts';
import type { Described } from '../../archive/operations/operation.ts';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { takeUploaded, type uploadedView } from '../../archive/operations/take-files.ts';
import { uploadedRow } from '../../archive/taking/take-uploads.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { SaidOfUpload } from '../contract/upload-endpoints.ts';

/** A file that has come whole, and what is said of it. */
export interface SaidFile {
  readonly path: string;
  readonly size: number;
  readonly said: SaidOfUpload;
}

export interface TakenFile {
  /** The asset as it is shown, with what there is to tell. */
  readonly asset: Described<typeof uploadedView>;
  readonly isDeposited: boolean;
}

export interface TakenFiles {
  /** What became of each, in the same order. */
  readonly outcomes: readonly (TakenFile | ArchiveError)[];
  /** What there is to tell of all of them. */
  readonly events: TakenFile['asset']['events'];
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
  file: SaidFile,
  runner: Pick<OperationRunner, 'start'>,
  signal: AbortSignal,
): Promise<TakenFile> {
  const { outcomes, events } = await takeFiles([file], runner, signal);
  const [taken] = outcomes;
  if (taken === undefined) throw new Error('a file of which nothing became');
  if (taken instanceof ArchiveError) throw taken;
  const { asset, isDeposited } = taken;
  return { asset: { ...asset, events: [...asset.events, ...events] }, isDeposited };
}

/**
 * Has files taken in together, into one collection and under names of their own each. What is recorded is
 * durable when the promise resolves; it rejects with what concerns all of them.
 */
export async function takeFiles(
  files: readonly SaidFile[],
  runner: Pick<OperationRunner, 'start'>,
  signal: AbortSignal,
): Promise<TakenFiles> {
  const [first] = files;
  if (first === undefined) return { outcomes: [], events: [] };
  const { collection, custody } = first.said;
  const input = {
    collection,
    custody: custody === 'true',
    files: files.map(({ path, size, said }) => ({
      ...{ path, size, name: said.name, words: wordsOf(said) },
    })),
  };
  const told = { signal, progress() {}, notice() {}, async item() {} };
  const { outcomes, events } = await runner.start(takeUploaded, input, told).result;
  return {
    outcomes: outcomes.map((outcome) => {
      if (!('refusal' in outcome)) return outcome;
      const { code, text, retryable } = outcome.refusal;
      return new ArchiveError(code, text, { retryable });
    }),
    events,
  };
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
