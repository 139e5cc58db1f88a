import { extname } from 'node:path/posix';
import { type Request, type Response, Router } from 'express';
import type { Archive } from '../archive/archive.ts';
import { type Cid, CODEC, codecOf, parseCid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { parseRange } from './byte-range.ts';
import { sendProblem } from './send-problem.ts';
import { written } from './written.ts';

type Parts = Pick<Archive, 'content' | 'catalog'>;

/** What a CID names never changes. Private, since no cache but the reader's own may keep it. */
const FOR_EVER = 'private, max-age=31536000, immutable';

/** Files come from anybody: they may show themselves, and neither run nor fetch anything. */
const SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

const MOST_LISTED = 10_000;

/**
 * Bytes by CID: `/ipfs/CID` of a root that is stored here, and `/ipfs/CID/PATH` within a directory.
 * Ranges, `HEAD` and conditions as in RFC 9110; a range of several parts gets the whole file.
 */
export function ipfsRoutes(parts: Parts): Router {
  const router = Router();
  router.get('/:root{/*path}', async (req, res) => {
    const { root: text = '', path = [] } = req.params as { root?: string; path?: string[] };
    const root = parseCid(text);
    if (!parts.content.isRoot(root)) throw missing(root);
    const names = path.filter((name) => name !== '');
    const cid = await resolvePath(root, names, parts);
    const size = await sizeOf(cid, parts);
    if (size === undefined) await sendDirectory(req, res, cid, parts);
    else await sendFile(req, res, { cid, size, type: typeOf(cid, names.at(-1), parts) }, parts);
  });
  return router;
}

async function resolvePath(root: Cid, names: readonly string[], { content }: Parts): Promise<Cid> {
  let at = root;
  for (const name of names) {
    let found: Cid | undefined;
    if (codecOf(at) !== CODEC.raw) {
      for await (const entry of content.list(at)) if (entry.name === name) found = entry.cid;
    }
    if (found === undefined) throw missing(`${root}/${names.join('/')}`);
    at = found;
  }
  return at;
}

/** Returns undefined for what is no file. */
async function sizeOf(cid: Cid, { content }: Parts): Promise<number | undefined> {
  try {
    const known = await content.stat(cid);
    if (known === undefined) throw missing(cid);
    return known.size;
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'input_invalid') return undefined;
    throw error;
  }
}

function typeOf(cid: Cid, name: string | undefined, { catalog }: Parts): string {
  const type = catalog.asset(cid)?.mediaType ?? '';
  if (/^[\w.+-]+\/[\w.+-]+$/.test(type)) return type;
  return extname(name ?? '') || 'application/octet-stream';
}

async function sendFile(
  req: Request,
  res: Response,
  file: { readonly cid: Cid; readonly size: number; readonly type: string },
  { content }: Parts,
): Promise<void> {
  const { cid, size, type } = file;
  const etag = `"${cid}"`;
  res.set({
    ETag: etag,
    'Cache-Control': FOR_EVER,
    'Content-Security-Policy': SANDBOX,
    'Accept-Ranges': 'bytes',
  });
  if (isKnown(req, etag)) {
    res.status(304).end();
    return;
  }
  const isWhole = req.method === 'HEAD' || (req.headers['if-range'] ?? etag) !== etag;
  const range = isWhole ? undefined : parseRange(req.headers.range, size);
  if (range === 'unsatisfiable') {
    res.set('Content-Range', `bytes */${size}`);
    sendProblem(res, new ArchiveError('input_invalid', `${cid} has ${size} bytes`), 416);
    return;
  }
  const { offset, length } = range ?? { offset: 0, length: size };
  res.type(type).set('Content-Length', String(length));
  if (range !== undefined) {
    res.status(206).set('Content-Range', `bytes ${offset}-${offset + length - 1}/${size}`);
  }
  if (req.method !== 'HEAD') {
    for await (const chunk of content.read(cid, { offset, length })) {
      // The store uses its buffer again; a slow reader has one copy waiting, not more.
      await written(res, Buffer.from(chunk));
      if (res.destroyed) return;
    }
  }
  res.end();
}

function isKnown({ headers }: Request, etag: string): boolean {
  const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known?.some((tag) => tag === etag || tag === '*') ?? false;
}

async function sendDirectory(req: Request, res: Response, cid: Cid, { content }: Parts) {
  const base = req.originalUrl.replace(/\?.*$/, '').replace(/\/*$/, '');
  const lines = [`<!doctype html><meta charset="utf-8"><title>${cid}</title><ul>`];
  for await (const { name } of content.list(cid)) {
    if (lines.length > MOST_LISTED) break;
    lines.push(
      `<li><a href="${escaped(base)}/${encodeURIComponent(name.toWellFormed())}">${escaped(name)}</a>`,
    );
  }
  res.set({ 'Cache-Control': FOR_EVER, 'Content-Security-Policy': SANDBOX });
  res.type('html').send(`${lines.join('\n')}\n</ul>\n`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function missing(what: string): ArchiveError {
  return new ArchiveError('not_found', `${what} is no file or folder of this archive`);
}
