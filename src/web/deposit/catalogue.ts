import type { components } from '../../../.cache/web/described.d.ts';
import { Refusal } from '../api/client.ts';
import { run } from '../api/run.ts';
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
  readonly problems: readonly RowProblem[];
}

/** Mappings that come with the node; none for columns that are called after what they hold. */
export const MAPPINGS = ['tms', 'collectionspace', 'dublin-core'] as const;
export type Mapping = (typeof MAPPINGS)[number];

/** A node reads 8 MiB in one question, a third of it taken by how bytes travel. */
const MOST_BYTES = 5_000_000;

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

/** Has the node read a catalogue by the rules of `ingest`. */
export async function readCatalogue(
  { path, file }: Offered,
  map: Mapping | undefined,
  signal: AbortSignal,
): Promise<Catalogue> {
  if (file.size > MOST_BYTES) {
    throw new Refusal(413, { detail: TEXT.deposit.catalogue.tooLarge });
  }
  const rows: Row[] = [];
  const problems: RowProblem[] = [];
  const input = { name: file.name, bytes: await base64Of(file), ...(map ? { map } : {}) };
  const item = (row: ReadRow) => void (row.kind === 'row' ? rows.push(row) : problems.push(row));
  const head = await run<ReadRow, Head>('catalogue.read', input, { item, signal });
  return { ...head, path, rows, problems };
}

/** A data URL is Base64 that the browser makes without blocking the page. */
function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
