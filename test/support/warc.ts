import { gzipSync } from 'node:zlib';

/** A response that a crawl has recorded. */
export interface Recorded {
  readonly url: string;
  readonly body: string | Uint8Array;
  /** Lines of its head after the status line. */
  readonly head?: readonly string[];
  readonly status?: number;
  /** `response` where it is not said. */
  readonly type?: string;
  /** Further fields of the WARC record. */
  readonly fields?: readonly string[];
}

export const FETCHED = '2026-03-04T05:06:07Z';

/** Returns a WARC 1.1 record of a response, `Content-Length` and all. */
export function warcRecord(recorded: Recorded): Buffer {
  const { url, body, head = [], status = 200, type = 'response', fields = [] } = recorded;
  const http = Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} X\r\n${head.map((line) => `${line}\r\n`).join('')}\r\n`),
    Buffer.from(body),
  ]);
  const lines = [
    'WARC/1.1',
    `WARC-Type: ${type}`,
    `WARC-Target-URI: ${url}`,
    `WARC-Date: ${FETCHED}`,
    'Content-Type: application/http; msgtype=response',
    ...fields,
    `Content-Length: ${http.length}`,
  ];
  return Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n`),
    http,
    Buffer.from('\r\n\r\n'),
  ]);
}

/** Returns a crawl, each record a gzip member of its own. */
export function warc(...responses: readonly Recorded[]): Buffer {
  return Buffer.concat(responses.map((response) => gzipSync(warcRecord(response))));
}
