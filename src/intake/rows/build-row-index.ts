import type { CatalogueBytes } from '../csv/catalogue-bytes.ts';
import type { CsvLayout } from '../csv/csv-layout.ts';
import { scanRecords } from '../csv/scan-records.ts';
import { DigestTable } from './digest-table.ts';
import { NumberList } from './number-list.ts';
import { RowIndex } from './row-index.ts';
import type { RowReader } from './row-reader.ts';

/**
 * Reads a catalogue once, from its first record to its last, and returns where each row is. Only paths
 * and work ids are looked at; whether the rest of a row is good is found when the row is asked for.
 */
export async function buildRowIndex(
  bytes: CatalogueBytes,
  layout: CsvLayout,
  reader: RowReader,
  signal: AbortSignal | undefined,
): Promise<{ readonly index: RowIndex; readonly recordCount: number }> {
  const index = new RowIndex();
  const works = new DigestTable();
  const partsOfWork = new NumberList((capacity) => new Uint32Array(capacity));
  let recordCount = 0;
  const nextPart = (work: string): number => {
    const number = works.add(work);
    if (number === partsOfWork.length) partsOfWork.push(0);
    const part = partsOfWork.at(number) + 1;
    partsOfWork.set(number, part);
    return part;
  };
  await scanRecords(
    bytes,
    layout,
    (place, record) => {
      recordCount += 1;
      if (record === undefined) {
        index.addFault(place, 'broken', 0);
        return;
      }
      const { paths, work } = reader.files(record);
      for (const [position, named] of paths.entries()) {
        if ('wrong' in named) {
          index.addFault(place, 'nameless', position);
          continue;
        }
        const entry = index.addFile(place, named.path, position);
        if (entry !== undefined && work !== null) index.setPart(entry, nextPart(work));
      }
    },
    signal,
  );
  return { index, recordCount };
}
