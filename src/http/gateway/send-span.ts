import type { Request, Response } from 'express';
import { ArchiveError } from '../../core/errors.ts';
import { parseRange } from '../byte-range.ts';
import { sendProblem } from '../send-problem.ts';
import { flushed } from '../written.ts';

/** Bytes that can be sent in part. */
export interface Sendable {
  readonly etag: string;
  readonly size: number;
  /** Whole where they are at hand, or chunks of which each is used again when the next one is asked for. */
  read(offset: number, length: number): Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * Sends bytes, all of them or the one part that was asked for (RFC 9110 §14). The headers that tell
 * what they are have been set. Of several parts the first is sent, as a server may.
 */
export async function sendSpan(req: Request, res: Response, bytes: Sendable): Promise<void> {
  const { etag, size } = bytes;
  res.set('Accept-Ranges', 'bytes');
  const isWhole = (req.headers['if-range'] ?? etag) !== etag;
  const range = isWhole ? undefined : parseRange(req.headers.range, size);
  if (range === 'unsatisfiable') {
    res.set('Content-Range', `bytes */${size}`);
    sendProblem(res, new ArchiveError('input_invalid', `it has ${size} bytes`), 416);
    return;
  }
  const { offset, length } = range ?? { offset: 0, length: size };
  res.set('Content-Length', String(length));
  if (range !== undefined) {
    res.status(206).set('Content-Range', `bytes ${offset}-${offset + length - 1}/${size}`);
  }
  if (req.method === 'HEAD' || length === 0) {
    res.end();
    return;
  }
  const read = bytes.read(offset, length);
  if (read instanceof Uint8Array) {
    res.end(read);
    return;
  }
  for await (const chunk of read) {
    await flushed(res, chunk);
    if (res.destroyed) return;
  }
  res.end();
}
