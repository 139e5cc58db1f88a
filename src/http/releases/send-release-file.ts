import { extname } from 'node:path/posix';
import type { Request, Response } from 'express';
import type { Archive } from '../../archive/archive.ts';
import type { Cid } from '../../core/cid.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { isKnown } from '../gateway/answer-headers.ts';
import { SANDBOX } from '../gateway/sandbox.ts';
import { type Sendable, sendSpan } from '../gateway/send-span.ts';

/** A file of a release that is to be sent. */
interface SentFile extends Pick<Sendable, 'size' | 'read'> {
  readonly name: string;
  readonly cid: Cid;
  /** Whether blocks of it may be missing. */
  readonly isUnsure: boolean;
  readonly content: Pick<Archive['content'], 'lookUp'>;
}

/**
 * Sends a file of a release, or the part that was asked for; nothing to whoever has it.
 *
 * @throws {ArchiveError} `block_missing` before any byte of a whole shard.
 */
export async function sendReleaseFile(req: Request, res: Response, file: SentFile): Promise<void> {
  const { name, cid, size, read } = file;
  const etag = `"${cid}"`;
  res.set({ ETag: etag, 'Content-Security-Policy': SANDBOX }).type(typeOf(name));
  if (isKnown(req, etag)) {
    res.status(304).end();
    return;
  }
  // What is missing is told before any byte of it. Of a part no more is looked up than is read.
  const isPart = req.headers.range !== undefined;
  if (file.isUnsure && !isPart) await file.content.lookUp(cid);
  await sendSpan(req, res, { etag, size, read });
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.tar', 'application/x-tar'],
  ['.parquet', 'application/x-parquet'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.md', 'text/markdown; charset=utf-8'],
  ['.json', 'application/json'],
  ['.jsonl', 'application/jsonl'],
]);

function typeOf(name: string): string {
  if (name === RELEASE_FILES.croissant) {
    return 'application/ld+json; profile="http://mlcommons.org/croissant/1.1"';
  }
  return TYPES.get(extname(name)) ?? 'text/plain; charset=utf-8';
}
