import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { broken } from './broken.ts';
import { ByteTaker } from './byte-taker.ts';
import { unpack } from './unpack.ts';

/** One record of a WARC file (ISO 28500, versions 1.0 and 1.1). */
export interface WarcRecord {
  readonly type: string;
  /** `WARC-Target-URI`. */
  readonly target: string | undefined;
  /** `WARC-Date` in whole seconds. */
  readonly at: string;
  readonly contentType: string;
  /** Whoever made the record kept less than there was (`cut`), or one part of several (`segment`). */
  readonly part: 'cut' | 'segment' | undefined;
  /** To be read before the next record is asked for, or not at all. */
  readonly body: AsyncIterable<Uint8Array>;
}

const MOST_FIELDS = 200;

/**
 * Yields the records of a WARC file, packed in gzip members or not, in constant memory.
 *
 * @throws {ArchiveError} `input_invalid` where the file is no WARC, breaks off, says a length that is not
 * so, or says a field twice that may stand once; `file_unreadable`.
 */
export async function* warcRecords(
  path: Uint8Array,
  signal?: AbortSignal,
): AsyncGenerator<WarcRecord> {
  const taker = new ByteTaker(await bytesOf(path, signal));
  let isFirst = true;
  for (let line = await taker.line(); line !== undefined; line = await taker.line()) {
    if (!/^WARC\/1\.[01]$/.test(line)) {
      throw broken(isFirst ? 'it is no WARC file' : 'a record does not begin where it should');
    }
    isFirst = false;
    const fields = await namedFields(taker);
    let left = lengthIn(fields);
    const body = async function* () {
      while (left > 0) {
        const chunk = await taker.some(left);
        if (chunk === undefined) throw broken('it breaks off within a record');
        left -= chunk.length;
        yield chunk;
      }
    };
    yield recordOf(fields, body());
    for await (const _rest of body()) signal?.throwIfAborted();
    if ((await taker.line()) !== '' || (await taker.line()) !== '') {
      throw broken('a record is not as long as it says');
    }
  }
  if (isFirst) throw broken('it is empty');
}

async function bytesOf(path: Uint8Array, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const file = Buffer.from(path);
  const open = (end?: number) =>
    createReadStream(file, { ...(signal && { signal }), ...(end !== undefined && { end }) });
  const head: Buffer[] = [];
  for await (const chunk of open(1)) head.push(chunk);
  const isPacked = Buffer.concat(head).equals(Buffer.from([0x1f, 0x8b]));
  return isPacked ? unpack(open(), createGunzip()) : open();
}

type Fields = ReadonlyMap<string, string>;

async function namedFields(taker: ByteTaker): Promise<Fields> {
  const fields = new Map<string, string>();
  let last: string | undefined;
  for (let count = 0; count < MOST_FIELDS; count++) {
    const line = await taker.line();
    if (line === '') return fields;
    const [, name = '', value = ''] = /^([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line ?? '') ?? [];
    if (/^[ \t]/.test(line ?? '') && last !== undefined) {
      fields.set(last, `${fields.get(last)} ${line?.trim()}`);
      continue;
    }
    last = name.toLowerCase();
    if (last === '') throw broken('a record has a field without a name');
    if (fields.has(last) && last !== 'warc-concurrent-to') {
      throw broken(`a record says ${name} twice`);
    }
    fields.set(last, value);
  }
  throw broken(`a record has more than ${MOST_FIELDS} fields`);
}

function lengthIn(fields: Fields): number {
  const text = fields.get('content-length') ?? '';
  const length = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (length === undefined) throw broken('a record does not say how long it is');
  return length;
}

function partOf(type: string, fields: Fields): WarcRecord['part'] {
  if (fields.has('warc-segment-number') || type === 'continuation') return 'segment';
  return fields.has('warc-truncated') ? 'cut' : undefined;
}

function recordOf(fields: Fields, body: AsyncIterable<Uint8Array>): WarcRecord {
  const type = fields.get('warc-type') ?? '';
  const [, time] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(fields.get('warc-date') ?? '') ?? [];
  if (time === undefined || Number.isNaN(Date.parse(`${time}Z`))) {
    throw broken('a record has no date');
  }
  return {
    type,
    // WARC 1.0 has examples with angle brackets around it.
    target: fields.get('warc-target-uri')?.replace(/^<(.*)>$/, '$1'),
    at: `${time}Z`,
    contentType: fields.get('content-type') ?? '',
    part: partOf(type, fields),
    body,
  };
}
