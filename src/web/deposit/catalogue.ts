import type { components } from '../../../.cache/web/described.d.ts';
import { Refusal } from '../api/client.ts';
import { follow } from '../api/run.ts';
import { TEXT } from '../text/english.ts';
import type { Offered } from './offered.ts';

type ReadRow = components['schemas']['CatalogueRow'];
export type Row = Extract<ReadRow, { kind: 'row' }>;
export type RowProblem = Extract<ReadRow, { kind: 'problem' }>;

/** What the node says of the columns of a catalogue. */
interface Head {
  readonly records: number;
  readonly columns: readonly { readonly name: string; readonly fields: readonly string[] }[];
  readonly warnings: readonly string[];
}

/** A catalogue among the files, as the node reads it. */
export interface Catalogue extends Head {
  readonly path: string;
  readonly rows: readonly Row[];
  /** Each row by its path, and by that in Unicode NFC. */
  readonly byPath: ReadonlyMap<string, Row>;
  readonly byForm: ReadonlyMap<string, Row>;
  readonly problems: readonly RowProblem[];
}

/** Mappings that come with the node; none for columns that are called after what they hold. */
export const MAPPINGS = ['tms', 'collectionspace', 'dublin-core'] as const;
export type Mapping = (typeof MAPPINGS)[number];

/** What a node reads, and what a page can keep. */
const MOST_BYTES = 64 * 1_048_576;

/** Rows between which the page may answer whoever uses it. */
const ROWS_AT_ONCE = 500;

/** Returns what could be the catalogue of some files, the likeliest first. */
export function candidatesIn(files: readonly Offered[]): readonly Offered[] {
  const depth = ({ path }: Offered) => path.split('/').length;
  const isNamed = ({ file }: Offered) => /catalog/i.test(file.name);
  return files
    .filter(({ path }) => /\.(csv|tsv)$/i.test(path))
    .sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)) || depth(a) - depth(b));
}

/** Tables and records in forms that no node reads. */
const UNREAD = /\.(xlsx?|xlsm|ods|numbers|json|jsonl|ndjson|xml)$/i;

/** Returns the first of some files that may be a catalogue in a form that is not read. */
export function unreadIn(files: readonly Offered[]): Offered | undefined {
  return files.find(({ file }) => UNREAD.test(file.name) && /catalog|inventory/i.test(file.name));
}

/** Has the node read a catalogue by the rules of `ingest`; tells how many rows there are so far. */
export async function readCatalogue(
  { path, file }: Offered,
  map: Mapping | undefined,
  { signal, onRows }: { readonly signal: AbortSignal; readonly onRows: (rows: number) => void },
): Promise<Catalogue> {
  if (file.size > MOST_BYTES) {
    throw new Refusal(413, { detail: TEXT.deposit.catalogue.tooLarge });
  }
  const rows: Row[] = [];
  const problems: RowProblem[] = [];
  const [byPath, byForm] = [new Map<string, Row>(), new Map<string, Row>()];
  const query = new URLSearchParams({ name: file.name, ...(map ? { map } : {}) });
  const request = new Request(`/api/v1/catalogues?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
    signal,
  });
  const head = await follow<ReadRow, Head>(request, {
    item: (row) => {
      if (row.kind === 'problem') problems.push(row);
      else {
        rows.push(row);
        byPath.set(row.path, row);
        byForm.set(row.path.normalize(), row);
      }
      const read = rows.length + problems.length;
      if (read % ROWS_AT_ONCE !== 0) return;
      onRows(read);
      return new Promise((resolve) => setTimeout(resolve));
    },
  });
  return { ...head, path, rows, byPath, byForm, problems };
}
