import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  type SchemaElement,
  snappyUncompress,
} from 'hyparquet';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ReleaseContent } from '../release-content.ts';
import { METADATA_SCHEMA, type MetadataRow } from './metadata-table.ts';

/** Rows of a group, and bytes taken into memory at once, beyond which no table is read. */
const MOST_ROWS = 16_384;
const MOST_BYTES = 2 ** 24;

/**
 * Yields the rows of a stored `metadata.parquet` in order from the one numbered `from` on, a group of them
 * at a time; what lies before is not read. The file may be another node's: memory is bounded whatever is
 * in it.
 *
 * @throws {ArchiveError} `release_invalid` for a table that this archive would not write, `block_missing`,
 * `block_corrupt`.
 */
export async function* readMetadata(
  { cid, size }: { readonly cid: Cid; readonly size: number },
  content: Pick<ReleaseContent, 'read'>,
  from = 0,
): AsyncGenerator<readonly MetadataRow[]> {
  const file: AsyncBuffer = {
    byteLength: size,
    slice: (start, end = size) => bytesOf(cid, start, end - start, content),
  };
  const metadata = await orInvalid(parquetMetadataAsync(file));
  checkSchema(metadata);
  let groupStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = groupStart + Number(num_rows);
    if (!(rowEnd - groupStart <= MOST_ROWS)) throw invalid('has groups of too many rows');
    const rowStart = Math.max(groupStart, from);
    groupStart = rowEnd;
    if (rowStart >= rowEnd) continue;
    const compressors = { SNAPPY: unpack };
    const rows = await orInvalid(
      parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors }),
    );
    // Columns, types and that none is null were checked by the schema.
    yield rows as readonly unknown[] as readonly MetadataRow[];
  }
}

function checkSchema({ schema }: FileMetaData): void {
  const said = schema.slice(1).map(elementText);
  const ours = METADATA_SCHEMA.slice(1).map(elementText);
  if (said.join() !== ours.join()) throw invalid('has other columns');
}

function elementText({ name, type, converted_type, repetition_type }: SchemaElement): string {
  return `${name} ${type} ${converted_type ?? ''} ${repetition_type}`;
}

async function bytesOf(
  cid: Cid,
  offset: number,
  length: number,
  content: Pick<ReleaseContent, 'read'>,
): Promise<ArrayBuffer> {
  if (!(length >= 0 && length <= MOST_BYTES)) throw invalid('has parts that are too large');
  const bytes = new Uint8Array(length);
  let done = 0;
  for await (const chunk of content.read(cid, { offset, length })) {
    bytes.set(chunk, done);
    done += chunk.length;
  }
  return bytes.buffer;
}

function unpack(input: Uint8Array, outputLength: number): Uint8Array {
  if (outputLength > MOST_BYTES) throw invalid('has pages that are too large');
  const output = new Uint8Array(outputLength);
  snappyUncompress(input, output);
  return output;
}

/** What the library throws about bytes that it cannot read tells of nothing else. */
async function orInvalid<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof ArchiveError) throw cause;
    throw invalid('cannot be read', cause);
  }
}

function invalid(what: string, cause?: unknown): ArchiveError {
  return new ArchiveError('release_invalid', `metadata.parquet ${what}`, { cause });
}
