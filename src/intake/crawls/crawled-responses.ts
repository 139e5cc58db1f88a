import { ArchiveError } from '../../core/errors.ts';
import { broken } from './broken.ts';
import { type HttpResponse, httpResponse, wordsOf } from './http-response.ts';
import { type WarcRecord, warcRecords } from './warc-records.ts';

/** A file that somebody's server gave out. */
export interface CrawledResponse {
  readonly address: URL;
  readonly at: string;
  /** Media type as the response states it, in lower case; empty where it does not. */
  readonly mediaType: string;
  readonly response: HttpResponse;
  readonly part: WarcRecord['part'];
  /** It is a head alone, since the file had not changed since an earlier visit. */
  readonly isRevisit: boolean;
}

/**
 * Yields the responses in a WARC file by which a file was given out (status 200), in its order, and those
 * that say it is as it was (200 or 304).
 *
 * @throws {ArchiveError} `input_invalid`, `file_unreadable`.
 */
export async function* crawledResponses(
  path: Uint8Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<CrawledResponse> {
  for await (const record of warcRecords(path, signal)) {
    const { type, target = '', at, contentType, part, body } = record;
    const isRevisit = type === 'revisit';
    if ((type !== 'response' && !isRevisit) || !/^https?:\/\//i.test(target)) continue;
    if (!/^application\/http\b/i.test(contentType)) continue;
    if (!URL.canParse(target)) throw broken(`a record is of no address (${target.slice(0, 200)})`);
    const address = new URL(target);
    const response = await of(address, () => httpResponse(body));
    if (response.status !== 200 && !(isRevisit && response.status === 304)) continue;
    const mediaType = wordsOf(response, 'content-type')[0]?.split(';')[0]?.trim() ?? '';
    yield { address, at, mediaType, response, part, isRevisit };
  }
}

/** Runs work on one response; what is wrong with it is told with its address. */
export async function of<T>(address: URL, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isBroken(error) ? broken(`${address.href}: ${error.message}`) : error;
  }
}

export function isBroken(error: unknown): error is ArchiveError {
  return error instanceof ArchiveError && error.code === 'input_invalid';
}

/** @throws {ArchiveError} `input_invalid` for a response of which the crawl, or one record of it, holds a part. */
export function requireWhole({ part }: Pick<CrawledResponse, 'part'>): void {
  if (part === 'cut') throw broken('the crawl does not hold all of it');
  if (part === 'segment') {
    throw broken(
      'it is recorded in several segments, which are not put together here; write the WARC without segments',
    );
  }
}
