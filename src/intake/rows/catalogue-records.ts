import type { CatalogueRow, RowProblem } from '../../core/ports/intake.ts';
import type { CatalogueBytes } from '../csv/catalogue-bytes.ts';
import { unitsOf } from '../csv/csv-encoding.ts';
import type { CsvLayout } from '../csv/csv-layout.ts';
import { RecordScanner } from '../csv/record-scanner.ts';
import { quote } from '../quote.ts';
import { rowProblem } from './row-fault.ts';
import type { RowEntry, RowIndex } from './row-index.ts';
import type { RowReader } from './row-reader.ts';

/** The records of an open catalogue, read again from the file by their entries in the index. */
export class CatalogueRecords implements AsyncDisposable {
  readonly index: RowIndex;
  readonly #bytes: CatalogueBytes;
  readonly #layout: CsvLayout;
  readonly #reader: RowReader;

  /** Takes over `bytes` and closes it. */
  constructor(bytes: CatalogueBytes, layout: CsvLayout, reader: RowReader, index: RowIndex) {
    this.index = index;
    this.#bytes = bytes;
    this.#layout = layout;
    this.#reader = reader;
  }

  /** Returns the path that an entry names; empty if it names none. */
  async pathOf(entry: RowEntry): Promise<string> {
    const named = this.#reader.files(await this.#scan(entry)).paths[entry.position];
    return named !== undefined && 'path' in named ? named.path : '';
  }

  /** Returns the row of an entry, or what is wrong with it. */
  async read(entry: RowEntry): Promise<CatalogueRow | RowProblem> {
    switch (entry.fate) {
      case 'broken':
        return rowProblem(
          'row_invalid',
          { line: entry.line, column: null, path: null },
          'its quotes do not pair, or it is longer than 1 MiB; inside a quoted value write a quote twice',
        );
      case 'duplicate':
        return this.#duplicate(entry);
      default:
        return this.#reader.row(await this.#scan(entry), entry);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bytes[Symbol.asyncDispose]();
  }

  async #duplicate(entry: RowEntry): Promise<RowProblem> {
    const path = await this.pathOf(entry);
    const first = this.index.findExact(path);
    const line = first === undefined ? 0 : this.index.entry(first).line;
    return rowProblem(
      'row_duplicate',
      { line: entry.line, column: null, path },
      `${quote(path)} has a row already, on line ${line}, and that one holds; take one of them out`,
    );
  }

  /** Gives a scanner of its own to each caller, since several may be reading at once. */
  async #scan(entry: RowEntry): Promise<RecordScanner> {
    const record = await this.#bytes.record(entry.offset, entry.length);
    const scanner = new RecordScanner(this.#layout.delimiter);
    scanner.scan(unitsOf(record, this.#layout.encoding), 0, true);
    return scanner;
  }
}
