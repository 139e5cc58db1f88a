import { ArchiveError } from '../../core/errors.ts';
import { quote } from '../quote.ts';
import type { CatalogueBytes } from './catalogue-bytes.ts';
import { type CsvEncoding, encodingOf, unitsOf } from './csv-encoding.ts';
import { afterLine, RecordScanner } from './record-scanner.ts';

/** What must be known of a CSV file to read any record in it. */
export interface CsvLayout {
  /** The file, for messages. */
  readonly name: string;
  readonly encoding: CsvEncoding;
  /** Code unit between fields. */
  readonly delimiter: number;
  /** Byte and line where the records begin. */
  readonly bodyOffset: number;
  readonly bodyLine: number;
  /** Names in the header, trimmed. */
  readonly columns: readonly string[];
}

const HEADER_LONGEST = 256 * 1024;
const DELIMITERS = [',', ';', '\t'].map((character) => character.charCodeAt(0));

/** A first line that spreadsheet programs write to name the delimiter. */
const SEPARATOR_LINE = /^sep=(.)(\r\n|\r|\n)/;

/**
 * Reads the header: the delimiter is the one of comma, semicolon and tab that gives most columns.
 *
 * @throws {ArchiveError} `catalogue_invalid` when there is no header that can be read.
 */
export async function readLayout(bytes: CatalogueBytes): Promise<CsvLayout> {
  const head = await bytes.read(0, HEADER_LONGEST);
  const encoding = encodingOf(head);
  const units = unitsOf(head.subarray(encoding.markLength), encoding);
  if (units.length === 0)
    throw invalid(bytes.name, 'it is empty; its first line must name the columns');
  const firstLine = afterLine(units, 0);
  if (units.subarray(0, firstLine < 0 ? units.length : firstLine).includes(0)) {
    throw invalid(
      bytes.name,
      'it is not text; export it as CSV in UTF-8 (spreadsheet files cannot be read)',
    );
  }
  const isWhole = head.length < HEADER_LONGEST;
  const start = String.fromCharCode(...units.subarray(0, 7));
  const [separatorLine = '', named] = SEPARATOR_LINE.exec(start) ?? [];
  const candidates = named === undefined ? DELIMITERS : [named.charCodeAt(0)];
  let best: RecordScanner | undefined;
  let delimiter = 0;
  for (const candidate of candidates) {
    const scanner = new RecordScanner(candidate);
    if (scanner.scan(units, separatorLine.length, isWhole) !== 'record') continue;
    if (best === undefined || scanner.fieldCount > best.fieldCount) {
      best = scanner;
      delimiter = candidate;
    }
  }
  if (best === undefined) {
    throw invalid(
      bytes.name,
      'its first line cannot be read as column names; check its quotes and its length',
    );
  }
  return {
    name: bytes.name,
    encoding,
    delimiter,
    bodyOffset: encoding.markLength + best.next * encoding.unitLength,
    bodyLine: 1 + (separatorLine === '' ? 0 : 1) + best.lines,
    columns: columnsOf(best, encoding, bytes.name),
  };
}

function columnsOf(header: RecordScanner, encoding: CsvEncoding, file: string): string[] {
  return Array.from({ length: header.fieldCount }, (_, index) => {
    const name = header.field(index);
    if (name === undefined) {
      throw invalid(file, `its header is not ${encoding.name}; save the file as CSV in UTF-8`);
    }
    return name.trim();
  });
}

function invalid(name: string, reason: string): ArchiveError {
  return new ArchiveError('catalogue_invalid', `${quote(name)} is no catalogue: ${reason}`);
}
