import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { isKnown } from './gateway/answer-headers.ts';

/**
 * Answers with JSON that may be another the next time: a client that has it asks with its `ETag`, and is
 * told by 304 that it is the same.
 */
export function sendJson(req: Request, res: Response, value: unknown): void {
  sendingJson(value)(req, res);
}

/** Returns what answers likewise every time with the same value, which is written down once. */
export function sendingJson(value: unknown): (req: Request, res: Response) => void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return (req, res) => {
    res.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
    if (isKnown(req, etag)) res.status(304).end();
    else res.type('application/json').send(body);
  };
}
