import { ArchiveError } from '../../core/errors.ts';
import type { CatalogueRow, RowProblem } from '../../core/ports/intake.ts';
import { parseDateText } from '../dates/parse-date-text.ts';
import { normaliseLicence } from '../licences/normalise-licence.ts';
import type { RowPlan } from '../mappings/row-plan.ts';
import { type RecordCells, RecordValues } from './record-values.ts';
import { remembered } from './remembered.ts';
import { RowFault, rowProblem } from './row-fault.ts';
import type { RowEntry } from './row-index.ts';
import { type RowPath, readRowPath } from './row-path.ts';
import * as values from './row-values.ts';

const MOST_PATHS = 4096;
const NOT_EVALUATED = 'http://rightsstatements.org/vocab/CNE/1.0/';

/** What a record says of its files together. */
interface NamedFiles {
  /** At least one. */
  readonly paths: readonly RowPath[];
  /** Names the work they are parts of: its own id or, for several files without one, the first path. */
  readonly work: string | null;
}

type RowPlace = Pick<RowEntry, 'line' | 'position' | 'part'>;

/** Turns the records of one catalogue into rows. A record is given as the scanner that scanned it. */
export class RowReader {
  readonly #plan: RowPlan;
  readonly #licence = remembered(licenceOrFault);
  readonly #date = remembered(parseDateText);

  constructor(plan: RowPlan) {
    this.#plan = plan;
  }

  /** Reads no more than is needed to find the row again. */
  files(record: RecordCells): NamedFiles {
    try {
      return filesOf(new RecordValues(record, this.#plan));
    } catch (fault) {
      if (fault instanceof RowFault) return { paths: [{ wrong: fault.message }], work: null };
      throw fault;
    }
  }

  /** Returns the row that an entry stands for, or the first thing that is wrong with it. */
  row(record: RecordCells, entry: RowPlace): CatalogueRow | RowProblem {
    const fields = new RecordValues(record, this.#plan);
    let path: string | null = null;
    try {
      fields.assertCellCount();
      const { paths, work } = filesOf(fields);
      path = pathAt(paths, entry.position);
      const dateText = fields.optional('date', values.readText);
      return {
        kind: 'row',
        line: entry.line,
        path,
        title: fields.required('title', values.readText, 'every file needs a title'),
        makers: makersOf(fields),
        licence: this.#licenceOf(fields),
        dateText,
        date: dateText === null ? null : this.#date(dateText),
        source: fields.optional('source', values.readText),
        sourceUrl: fields.optional('source_url', values.readUrl),
        digitalSourceType: fields.optional('digital_source_type', values.readSourceType),
        kindOfWork: fields.optional('kind', values.readText),
        mediaType: fields.optional('media_type', values.readMediaType),
        bytes: fields.optional('bytes', values.readNatural),
        sha256: fields.optional('sha256', values.readSha256),
        synthetic: fields.optional('synthetic', values.readSynthetic),
        note: fields.optional('note', values.readText),
        tags: fields.several('tags'),
        language: fields.optional('language', values.readLanguage),
        work,
        part: work === null ? null : (fields.optional('part', values.readNatural) ?? entry.part),
        accession: fields.optional('accession', values.readText),
        collection: fields.optional('collection', values.readText),
      };
    } catch (fault) {
      if (!(fault instanceof RowFault)) throw fault;
      const place = { line: entry.line, column: fields.column, path };
      return rowProblem(fault.code, place, fault.message);
    }
  }

  #licenceOf(fields: RecordValues): string {
    const help = `write an SPDX expression or a rights URI; where nobody has looked into the rights, ${NOT_EVALUATED}`;
    const licence = fields.required('licence', this.#licence, help);
    if (licence instanceof RowFault) throw licence;
    return licence;
  }
}

function filesOf(fields: RecordValues): NamedFiles {
  const own = fields.optional('work', values.readText);
  const texts = fields.texts('path');
  if (texts.length > MOST_PATHS) {
    throw new RowFault(
      `names ${texts.length} files; write several rows, at most ${MOST_PATHS} files each`,
    );
  }
  const paths = texts.map(readRowPath);
  if (paths.length === 0) throw new RowFault('is empty; name the file, or take the row out');
  return { paths, work: own ?? (texts.length > 1 ? (texts[0] ?? null) : null) };
}

function pathAt(paths: readonly RowPath[], position: number): string {
  const named = paths[position];
  if (named === undefined || 'wrong' in named) throw new RowFault(named?.wrong ?? 'is empty');
  return named.path;
}

function makersOf(fields: RecordValues): string[] {
  const makers = fields.several('creator');
  if (makers.length > 0) return makers;
  throw new RowFault('is empty; name the maker, or write "unknown" when nobody knows');
}

function licenceOrFault(text: string): string | RowFault {
  try {
    return normaliseLicence(text);
  } catch (error) {
    if (error instanceof ArchiveError) return new RowFault(error.message, 'licence_unknown');
    throw error;
  }
}
