import type { Request, Response } from 'express';
import type { Archive } from '../../archive/archive.ts';
import { type Resolved, resolvePath } from '../../core/dag/resolve-path.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isKnown, setCacheHeaders } from './answer-headers.ts';
import { urlOf } from './content-path.ts';
import type { Found } from './found.ts';
import { SANDBOX } from './sandbox.ts';
import { formatOfCodec, sendData } from './send-data.ts';
import { sendDirectory } from './send-directory.ts';
import { sendFile } from './send-file.ts';

/** Sends what a browser shows: a file, a directory's `index.html` or its listing, where a link points to. */
export async function sendWeb(
  req: Request,
  res: Response,
  found: Found,
  archive: Pick<Archive, 'content' | 'catalog'>,
): Promise<void> {
  const { path, resolved } = found;
  const { cid, node } = resolved;
  const name = path.names.at(-1);
  if (node.kind === 'file') {
    await sendFile(req, res, found, { cid, node, name, etag: `"${cid}"` }, archive);
  } else if (node.kind === 'directory' || node.kind === 'shard') {
    if (!path.isOfDirectory) redirect(req, res, found);
    else await sendIndex(req, res, found, archive);
  } else if (node.kind === 'symlink') {
    sendTarget(req, res, found, node.target);
  } else {
    const format = formatOfCodec(node.codec);
    if (format === undefined) {
      throw new ArchiveError('format_unavailable', `${cid} is no file; ask for a block or a CAR`);
    }
    await sendData(req, res, found, format);
  }
}

/** Relative links in a page of a directory need the slash at its end. */
function redirect(req: Request, res: Response, { path }: Found): void {
  const query = /\?[^#]*/.exec(req.originalUrl)?.[0] ?? '';
  res.set('Cache-Control', 'no-cache');
  res.redirect(301, urlOf(path.root, path.names, true) + query);
}

async function sendIndex(
  req: Request,
  res: Response,
  found: Found,
  archive: Pick<Archive, 'content' | 'catalog'>,
): Promise<void> {
  const { cid } = found.resolved;
  const index: Resolved | undefined = await resolvePath(found.dag.blocks, cid, ['index.html']);
  if (index?.node.kind !== 'file') {
    await sendDirectory(req, res, found);
    return;
  }
  const page = { cid: index.cid, node: index.node, name: 'index.html', etag: `"${cid}"` };
  await sendFile(req, res, found, page, archive);
}

function sendTarget(req: Request, res: Response, found: Found, target: Uint8Array): void {
  const etag = `"${found.resolved.cid}"`;
  setCacheHeaders(res, found.dag.isPublic);
  res.set({ ETag: etag, 'Content-Security-Policy': SANDBOX, 'Content-Type': 'inode/symlink' });
  if (isKnown(req, etag)) res.status(304).end();
  else res.send(Buffer.from(target));
}
