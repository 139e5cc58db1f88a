import { ArchiveError } from '../../core/errors.ts';
import type { CatalogueRow } from '../../core/ports/intake.ts';
import { loadMapping } from '../mappings/load-mapping.ts';
import { planRows } from '../mappings/row-plan.ts';
import { RowReader } from './row-reader.ts';

/** Reads a row that stands in no file, by the rules for one that does (see the port). */
export async function readRow(values: Readonly<Record<string, string>>): Promise<CatalogueRow> {
  const columns = Object.keys(values);
  const cells = Object.values(values);
  const mapping = await loadMapping(undefined);
  const layout = {
    name: 'what is said of the file',
    columns,
    encoding: { name: 'UTF-8' },
  } as const;
  const reader = new RowReader(planRows(layout, mapping));
  const record = { fieldCount: cells.length, field: (index: number) => cells[index] ?? '' };
  const row = reader.row(record, { line: 1, position: 0, part: 1 });
  if (row.kind === 'row') return row;
  // There is no line that could be named.
  throw new ArchiveError(row.code, row.text.slice(row.text.indexOf(', ') + 2));
}
