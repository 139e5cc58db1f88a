import { ArchiveError } from '../../core/errors.ts';
import { type CatalogueColumn, MAPPING_NAMES } from '../../core/ports/intake.ts';
import type { CsvLayout } from '../csv/csv-layout.ts';
import { quote } from '../quote.ts';
import { type FieldReader, fieldReader, Header } from './field-reader.ts';
import type { Mapping } from './load-mapping.ts';
import { type Field, REQUIRED_FIELDS } from './mapping-schema.ts';

const MOST_NAMED = 40;

/** How the records of one catalogue file become rows. */
export interface RowPlan {
  readonly readers: ReadonlyMap<Field, FieldReader>;
  /** The columns of the file in order, each with the fields that are read out of it. */
  readonly columns: readonly CatalogueColumn[];
  /** Encoding of the file, for messages. */
  readonly encodingName: string;
  /** Sentences about columns that are ignored. */
  readonly warnings: readonly string[];
}

/** What must be known of a catalogue to fit a mapping to it. */
type Columns = Pick<CsvLayout, 'name' | 'columns'> & {
  readonly encoding: Pick<CsvLayout['encoding'], 'name'>;
};

/**
 * Fits a mapping to the columns that a file has.
 *
 * @throws {ArchiveError} `catalogue_invalid` when a required field has no column.
 */
export function planRows(layout: Columns, mapping: Mapping): RowPlan {
  const { columns, encoding } = layout;
  const header = new Header(columns);
  const readers = new Map<Field, FieldReader>();
  for (const [field, source] of mapping.sources) {
    const reader = fieldReader(source, header, field === 'path');
    if (reader !== undefined) readers.set(field, reader);
  }
  const missing = REQUIRED_FIELDS.filter((field) => !readers.has(field));
  if (missing.length > 0) {
    throw new ArchiveError(
      'catalogue_invalid',
      `the catalogue ${quote(layout.name)} has no column for ${missing.join(', ')}; it has ${listed(columns)}. ` +
        'Say which columns they are in a mapping file and pass it with --map FILE ' +
        `(known by name: ${MAPPING_NAMES.join(', ')})`,
    );
  }
  return {
    readers,
    columns: columns.map((name, number) => ({ name, fields: fieldsIn(number, readers) })),
    encodingName: encoding.name,
    warnings: warningsOf(header, readers, mapping),
  };
}

function fieldsIn(column: number, readers: ReadonlyMap<Field, FieldReader>): Field[] {
  return [...readers].filter(([, { columns }]) => columns.includes(column)).map(([field]) => field);
}

function warningsOf(
  header: Header,
  readers: ReadonlyMap<Field, FieldReader>,
  mapping: Mapping,
): string[] {
  const used = new Set([...readers.values()].flatMap((reader) => reader.columns));
  const ignored = new Set(mapping.ignored.map((name) => header.find(name)));
  const unused = header.names.filter(
    (name, number) => name !== '' && !used.has(number) && !ignored.has(number),
  );
  if (unused.length === 0) return [];
  return [
    `columns that are not used: ${listed(unused)}; a mapping (--map FILE) can give them a meaning`,
  ];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map(quote).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}
