import { throwIfAborted } from '../../core/abort.ts';
import type { CatalogueBytes } from './catalogue-bytes.ts';
import { unitsOf } from './csv-encoding.ts';
import type { CsvLayout } from './csv-layout.ts';
import { afterLine, RecordScanner } from './record-scanner.ts';

const STRETCH = 256 * 1024;
const RECORD_LONGEST = 1024 * 1024;

/** Where a record lies in its file. */
export interface RecordPlace {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
}

/** Gets each record; no scanner when the record is broken, and then the place is that of one line. */
type Visit = (place: RecordPlace, scanner: RecordScanner | undefined) => void;

/**
 * Visits every record of a CSV file in order, empty lines left out.
 *
 * Memory: one stretch of 256 KiB, or one record of at most 1 MiB. A record whose quotes do not pair, or
 * that is longer, is visited as broken, and reading goes on with the next line: one stray quote costs
 * one record, not the rest of the file.
 *
 * @throws {ArchiveError} `file_changed`, `aborted`.
 */
export async function scanRecords(
  bytes: CatalogueBytes,
  layout: CsvLayout,
  visit: Visit,
  signal?: AbortSignal,
): Promise<void> {
  const { unitLength } = layout.encoding;
  const scanner = new RecordScanner(layout.delimiter);
  let offset = layout.bodyOffset;
  let line = layout.bodyLine;
  let size = STRETCH;
  let isInsideBrokenLine = false;
  for (;;) {
    throwIfAborted(signal);
    const stretch = await bytes.read(offset, size);
    const units = unitsOf(stretch, layout.encoding);
    const isLast = stretch.length < size;
    let at = 0;
    if (isInsideBrokenLine) {
      const next = afterLine(units, 0);
      at = next < 0 ? units.length : next;
      isInsideBrokenLine = next < 0;
      line += next < 0 ? 0 : 1;
    }
    while (at < units.length) {
      const scan = scanner.scan(units, at, isLast);
      if (scan === 'more' && (at > 0 || size < RECORD_LONGEST)) break;
      const place = { offset: offset + at * unitLength, line };
      if (scan === 'record') {
        const length = (scanner.next - at) * unitLength;
        if (!scanner.isEmpty) visit({ ...place, length }, scanner);
        line += scanner.lines;
        at = scanner.next;
        continue;
      }
      const next = afterLine(units, at);
      const end = next < 0 ? units.length : next;
      visit({ ...place, length: (end - at) * unitLength }, undefined);
      isInsideBrokenLine = next < 0;
      line += next < 0 ? 0 : 1;
      at = end;
    }
    if (isLast && at >= units.length) return;
    size = at === 0 ? size * 2 : STRETCH;
    offset += at * unitLength;
  }
}
