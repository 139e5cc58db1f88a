import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { broken } from './broken.ts';
import { ByteTaker } from './byte-taker.ts';
import { type Unpacker, unpack } from './unpack.ts';

/** Status and fields of a recorded HTTP response. */
export interface HttpHead {
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface HttpResponse extends HttpHead {
  /** The bytes as a reader got them, unpacked. */
  readonly payload: AsyncIterable<Uint8Array>;
}

const MOST_FIELDS = 1_000;
const CODINGS: Readonly<Record<string, () => Unpacker>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * Reads a response as it went over the wire (RFC 9112): head, chunks, content coding.
 *
 * @throws {ArchiveError} `input_invalid`, also while the payload is read: a length that is not so, chunks that
 * break off, a coding that is unknown or said twice.
 */
export async function httpResponse(bytes: AsyncIterable<Uint8Array>): Promise<HttpResponse> {
  const taker = new ByteTaker(bytes);
  const head = await httpHead(taker);
  if (head === undefined) throw broken('it holds no HTTP response');
  const isChunked = wordsOf(head, 'transfer-encoding').includes('chunked');
  const body = isChunked ? dechunked(taker) : ofLength(taker.rest(), head);
  return { ...head, payload: decoded(body, head) };
}

async function* decoded(body: AsyncIterable<Uint8Array>, head: HttpHead) {
  const [coding, ...more] = wordsOf(head, 'content-encoding').filter((word) => word !== 'identity');
  if (coding === undefined) {
    yield* body;
    return;
  }
  const unpacker = Object.hasOwn(CODINGS, coding) ? CODINGS[coding] : undefined;
  if (unpacker === undefined || more.length > 0) {
    throw broken(`its content coding "${[coding, ...more].join(', ')}" is not read here`);
  }
  yield* unpack(body, unpacker());
}

/** Reads a status line and the fields after it; undefined at the end of the bytes. */
export async function httpHead(taker: ByteTaker): Promise<HttpHead | undefined> {
  const start = await taker.line();
  if (start === undefined) return undefined;
  const [, status] = /^HTTP\/\d(?:\.\d)? (\d{3})(?: |$)/.exec(start) ?? [];
  if (status === undefined) throw broken('it does not begin with a status line of HTTP');
  const fields: (readonly [string, string])[] = [];
  for (
    let line = await taker.line();
    line !== undefined && line !== '';
    line = await taker.line()
  ) {
    const [, name, value = ''] =
      /^([!#$%&'*+.^_`|~\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) throw broken('a line of its head is no field');
    fields.push([name, value]);
    if (fields.length > MOST_FIELDS) throw broken(`its head has more than ${MOST_FIELDS} fields`);
  }
  return { status: Number(status), fields };
}

/** Returns the words of a field that is a list, in lower case. */
export function wordsOf({ fields }: HttpHead, name: string): readonly string[] {
  return fields
    .filter(([known]) => known.toLowerCase() === name)
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

async function* ofLength(bytes: AsyncIterable<Uint8Array>, head: HttpHead) {
  const lengths = new Set(wordsOf(head, 'content-length'));
  if (lengths.size > 1) throw broken('it says two lengths');
  const [stated] = lengths;
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    yield chunk;
  }
  if (stated !== undefined && stated !== String(length)) {
    throw broken(`it has ${length} bytes and says ${stated}`);
  }
}

async function* dechunked(taker: ByteTaker): AsyncGenerator<Uint8Array> {
  for (;;) {
    const [, size] = /^([0-9a-f]{1,12})\s*(?:;.*)?$/i.exec((await taker.line()) ?? '') ?? [];
    if (size === undefined) throw broken('a chunk of it does not say how long it is');
    let left = Number.parseInt(size, 16);
    if (left === 0) return;
    while (left > 0) {
      const bytes = await taker.some(left);
      if (bytes === undefined) throw broken('it breaks off within a chunk');
      left -= bytes.length;
      yield bytes;
    }
    if ((await taker.line()) !== '') throw broken('a chunk of it is not as long as it says');
  }
}
