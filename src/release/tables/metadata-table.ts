import { setImmediate } from 'node:timers/promises';
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { FileSink, SunkFile } from '../file-sink.ts';

/** One row for each asset; every column has a value in every row. */
export interface MetadataRow {
  /** `__key__` of the sample in WebDataset: the asset's CID. */
  readonly key: string;
  readonly asset_cid: string;
  /** Of the asset's bytes. */
  readonly sha256: string;
  readonly config: string;
  readonly split: string;
  readonly shard: string;
  /** Number of the sample in its shard, from 0. */
  readonly ordinal: number;
  /** Where the asset's bytes lie in the shard, for a `Range` request. */
  readonly offset: bigint;
  readonly size: bigint;
  readonly json_offset: bigint;
  readonly json_size: bigint;
  readonly media_type: string;
  /** Of a picture in pixels, as stored; 0 where nobody could tell. */
  readonly width: number;
  readonly height: number;
  readonly license: string;
  readonly license_url: string;
  /** Whether the licence asks for makers to be named, or may ask for it. */
  readonly attribution_required: boolean;
  /** Ids of the makers, a space between them; their names are in `descriptions.jsonl`. */
  readonly maker: string;
  /** Id of the work, as lists tell it: parts of one work have the same. Empty where it is no part of any. */
  readonly work: string;
  /** The statement that brought the asset in: the ledger tells all else that is said of it. */
  readonly deposit: string;
  /** When that was made, as RFC 3339 text. When the work was made is in `descriptions.jsonl`. */
  readonly deposited: string;
  /** Statements by which makers allow the purpose, a space between them; empty where none does. */
  readonly consent: string;
  readonly level: string;
  readonly self_vetted: boolean;
  readonly purpose: string;
  readonly requester: string;
  readonly policy: string;
}

type ColumnType = 'text' | 'int32' | 'int64' | 'bool';

/** The columns of `metadata.parquet`. */
export const METADATA_COLUMNS: Readonly<Record<keyof MetadataRow, ColumnType>> = {
  key: 'text',
  asset_cid: 'text',
  sha256: 'text',
  config: 'text',
  split: 'text',
  shard: 'text',
  ordinal: 'int32',
  offset: 'int64',
  size: 'int64',
  json_offset: 'int64',
  json_size: 'int64',
  media_type: 'text',
  width: 'int32',
  height: 'int32',
  license: 'text',
  license_url: 'text',
  attribution_required: 'bool',
  maker: 'text',
  work: 'text',
  deposit: 'text',
  deposited: 'text',
  consent: 'text',
  level: 'text',
  self_vetted: 'bool',
  purpose: 'text',
  requester: 'text',
  policy: 'text',
};

const ELEMENTS: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  int32: { type: 'INT32', repetition_type: 'REQUIRED' },
  int64: { type: 'INT64', repetition_type: 'REQUIRED' },
  bool: { type: 'BOOLEAN', repetition_type: 'REQUIRED' },
};

/** The root, and an element for each column. */
export const METADATA_SCHEMA: readonly SchemaElement[] = [
  { name: 'schema', num_children: Object.keys(METADATA_COLUMNS).length },
  ...Object.entries(METADATA_COLUMNS).map(([name, type]) => ({ name, ...ELEMENTS[type] })),
];

/** Rows encoded at once: some 20 ms of work, for which nothing else runs. */
const GROUP_ROWS = 2048;

export interface MetadataTable {
  add(row: MetadataRow): Promise<void>;
  finish(): Promise<SunkFile>;
}

/**
 * Begins `metadata.parquet` in a file that grows group by group; one group of rows is in memory.
 *
 * Compressed with Snappy, which here is plain JavaScript of a pinned version: unlike zlib or zstd of
 * the platform, it gives the same bytes on every node.
 */
export function createMetadataTable(sink: FileSink): MetadataTable {
  const writer = new ByteWriter();
  const schema = [...METADATA_SCHEMA];
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'ringfence' });
  let rows: MetadataRow[] = [];

  async function flush(): Promise<void> {
    await sink.write(writer.getBytes());
    writer.index = 0;
  }

  async function writeGroup(): Promise<void> {
    const columnData = Object.entries(METADATA_COLUMNS).map(([name, type]) =>
      toColumn(name, type, rows),
    );
    rows = [];
    await parquet.write({ columnData, rowGroupSize: GROUP_ROWS });
    await flush();
    await setImmediate();
  }

  return {
    async add(row) {
      rows.push(row);
      if (rows.length === GROUP_ROWS) await writeGroup();
    },

    async finish() {
      if (rows.length > 0) await writeGroup();
      await parquet.finish();
      await flush();
      return sink.finish();
    },
  };
}

function toColumn(name: string, type: ColumnType, rows: readonly MetadataRow[]): ColumnSource {
  // The names are those of METADATA_COLUMNS, and so of the rows.
  const data = rows.map((row) => row[name as keyof MetadataRow]);
  // Offsets and ordinals grow slowly: their differences take two bytes where they would take eight.
  const isNumber = type === 'int32' || type === 'int64';
  return isNumber ? { name, data, encoding: 'DELTA_BINARY_PACKED' } : { name, data };
}
