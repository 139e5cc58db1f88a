import { ArchiveError } from '../../core/errors.ts';
import type { TableRow } from '../../core/ports/intake.ts';
import { quote } from '../quote.ts';
import { CatalogueBytes } from './catalogue-bytes.ts';
import { readLayout } from './csv-layout.ts';
import { scanRecords } from './scan-records.ts';

/** Rows of a table: as many as a set has members. */
const MOST = 1_048_576;

/**
 * Returns the rows of a CSV file by the names in its header.
 *
 * @throws {ArchiveError} `file_unreadable`; `catalogue_invalid` naming the line that cannot be read, or
 * if there are more than 1,048,576 rows.
 */
export async function readTable(path: string, signal?: AbortSignal): Promise<readonly TableRow[]> {
  await using bytes = await CatalogueBytes.open(path);
  const layout = await readLayout(bytes);
  const rows: TableRow[] = [];
  const invalid = (reason: string) =>
    new ArchiveError('catalogue_invalid', `${quote(path)} cannot be used: ${reason}`);
  const visit: Parameters<typeof scanRecords>[2] = ({ line }, scanner) => {
    if (scanner === undefined) throw invalid(`the quotes on line ${line} do not pair`);
    if (rows.length === MOST) throw invalid(`it has more than ${MOST} rows; split it`);
    const values: Record<string, string> = {};
    for (const [place, column] of layout.columns.entries()) {
      const value = place < scanner.fieldCount ? scanner.field(place) : '';
      if (value === undefined) throw invalid(`line ${line} is not ${layout.encoding.name}`);
      values[column] = value.trim();
    }
    rows.push({ line, values });
  };
  await scanRecords(bytes, layout, visit, signal);
  return rows;
}
