import type { CatalogueColumn, CatalogueRow, RowProblem } from '../../core/ports/intake.ts';
import type { Archive } from '../archive.ts';

/** More than this is a catalogue for `ingest`, on the machine where its files are. */
export const MOST_CATALOGUE_BYTES = 64 * 1_048_576;

/** A catalogue that somebody has sent, without the files that it describes. */
export interface SentCatalogue {
  /** What it is called, for messages. */
  readonly name: string;
  /** Where it lies meanwhile. */
  readonly path: string;
  /** A mapping that comes with the program. */
  readonly map?: string | undefined;
}

/** What a row says of a file, in the words that an upload of the file takes. */
export interface WordsOfRow {
  readonly kind: 'row';
  readonly line: number;
  readonly path: string;
  /** By the names of a catalogue's columns. */
  readonly words: Readonly<Record<string, string>>;
}

/** What a catalogue is, before its rows are told. */
export interface CatalogueHead {
  readonly records: number;
  readonly columns: readonly CatalogueColumn[];
  readonly warnings: readonly string[];
}

/**
 * Reads a catalogue by the rules of `ingest`, and hands on each row, or what is wrong with it, in the
 * order of the file, which is read row by row.
 *
 * @throws {ArchiveError} `catalogue_invalid`, `file_unreadable`, `aborted`.
 */
export async function readCatalogue(
  { name, path, map }: SentCatalogue,
  tell: (row: WordsOfRow | RowProblem) => Promise<void>,
  { intake, scratchFolder }: Pick<Archive, 'intake' | 'scratchFolder'>,
  signal: AbortSignal,
): Promise<CatalogueHead> {
  await using catalogue = await intake.openCatalogueFile(path, {
    // Its files are elsewhere: nobody looks for them here.
    ...{ paths: [], root: scratchFolder, name, signal },
    ...(map === undefined ? {} : { map }),
  });
  for await (const row of catalogue.rows({ signal })) {
    await tell(row.kind === 'row' ? wordsOf(row) : row);
  }
  const { recordCount: records, columns, warnings } = catalogue;
  return { records, columns, warnings };
}

function wordsOf({ kind, line, path, ...row }: CatalogueRow): WordsOfRow {
  const said = {
    title: row.title,
    creator: row.makers.join('; '),
    licence: row.licence,
    date: row.dateText,
    source: row.source,
    source_url: row.sourceUrl,
    digital_source_type: row.digitalSourceType,
    kind: row.kindOfWork,
    media_type: row.mediaType,
    bytes: row.bytes,
    sha256: row.sha256,
    synthetic: row.synthetic,
    note: row.note,
    tags: row.tags.join('; '),
    language: row.language,
    work: row.work,
    part: row.part,
    accession: row.accession,
  };
  const words = Object.entries(said).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, String(value)] as const],
  );
  return { kind, line, path, words: Object.fromEntries(words) };
}
