import { ArchiveError } from '../../core/errors.ts';

/** What a browser says of a file before its bytes takes less. */
const MOST_HEAD_BYTES = 8192;
/** What may follow the end of a form. */
const MOST_REST_BYTES = 64;

/** The one file of a form. */
export interface FormFile {
  /** As the browser calls it; empty if nobody chose any. */
  readonly filename: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Reads a form of one field, a file, as browsers send it (`multipart/form-data`, RFC 7578), in constant
 * memory.
 *
 * @throws {ArchiveError} `input_invalid`, also while the bytes are read: for what is no such form, and for
 * one that ends early or has more in it.
 */
export async function readFormFile(
  contentType: string,
  body: AsyncIterable<Buffer>,
): Promise<FormFile> {
  const [, quoted, bare] =
    /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*$/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw invalid('it names no boundary');
  const chunks = body[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const next = await chunks.next();
    if (next.done === true) throw invalid('it ends before its file');
    start = Buffer.concat([start, next.value]);
    end = start.subarray(0, MOST_HEAD_BYTES).indexOf('\r\n\r\n');
    if (end < 0 && start.length > MOST_HEAD_BYTES) throw invalid('it does not begin with a file');
  }
  const head = start.subarray(0, end).toString();
  const [, filename] = /;\s*filename="([^"]*)"/i.exec(head) ?? [];
  if (!head.startsWith(`--${boundary}\r\n`) || filename === undefined) {
    throw invalid('it does not begin with a file');
  }
  const rest = { [Symbol.asyncIterator]: () => chunks };
  return {
    filename: filename.slice(filename.search(/[^/\\]*$/)).slice(0, 255),
    bytes: fileIn(start.subarray(end + 4), rest, `\r\n--${boundary}`),
  };
}

/** Yields what stands before the delimiter, after which nothing may come but the end. */
async function* fileIn(
  first: Buffer,
  rest: AsyncIterable<Buffer>,
  delimiter: string,
): AsyncGenerator<Uint8Array> {
  let held = first;
  let ended: Buffer | undefined;
  const take = function* () {
    const at = held.indexOf(delimiter);
    // A part of the delimiter may have come.
    const sure = at < 0 ? held.length - delimiter.length : at;
    if (sure > 0) yield held.subarray(0, sure);
    if (at >= 0) ended = held.subarray(at + delimiter.length);
    held = held.subarray(Math.max(0, sure));
  };
  yield* take();
  for await (const chunk of rest) {
    if (ended === undefined) {
      held = Buffer.concat([held, chunk]);
      yield* take();
    } else ended = Buffer.concat([ended, chunk]);
    if ((ended?.length ?? 0) > MOST_REST_BYTES) break;
  }
  if (ended === undefined) throw invalid('it ends in the middle of its file');
  if (!/^--\s*$/.test(ended.toString('latin1'))) throw invalid('it has more in it than a file');
}

function invalid(why: string): ArchiveError {
  return new ArchiveError('input_invalid', `the form cannot be read: ${why}`);
}
