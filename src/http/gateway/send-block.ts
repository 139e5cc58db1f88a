import type { Request, Response } from 'express';
import { isKnown, namedInQuery, setCacheHeaders, setDisposition } from './answer-headers.ts';
import type { Found } from './found.ts';
import { MEDIA_TYPE } from './response-format.ts';
import { sendSpan } from './send-span.ts';

/** Sends the block at the end of a path, which whoever asked can hash. */
export async function sendBlock(req: Request, res: Response, found: Found): Promise<void> {
  const { cid } = found.resolved;
  const etag = `"${cid}.raw"`;
  setCacheHeaders(res, found.dag.isPublic);
  res.set('ETag', etag);
  if (isKnown(req, etag)) {
    res.status(304).end();
    return;
  }
  setDisposition(res, 'attachment', namedInQuery(req) ?? `${cid}.bin`);
  res.set('Content-Type', MEDIA_TYPE.raw);
  const bytes = await found.dag.blocks.get(cid);
  await sendSpan(req, res, {
    etag,
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  });
}
