import type { Request, Response } from 'express';
import type { CID } from 'multiformats/cid';
import { listDag } from '../../core/dag/list-dag.ts';
import { escaped } from '../html.ts';
import { written } from '../written.ts';
import { isKnown, setListingCacheHeaders } from './answer-headers.ts';
import { type ContentPath, escapedName, textOf, urlOf } from './content-path.ts';
import type { Found } from './found.ts';
import { SANDBOX } from './sandbox.ts';

const MOST_LISTED = 10_000;

/** Tells apart what other versions of the program made. */
const LISTING = '1';

/** Sends a page that lists a directory, the first ten thousand names of it. */
export async function sendDirectory(req: Request, res: Response, found: Found): Promise<void> {
  const { cid } = found.resolved;
  const etag = `"DirIndex-${LISTING}_CID-${cid}"`;
  setListingCacheHeaders(res, found.dag.isPublic);
  res.set({ ETag: etag, 'Content-Security-Policy': SANDBOX });
  if (isKnown(req, etag, `"${cid}"`)) {
    res.status(304).end();
    return;
  }
  res.type('html');
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  await written(res, headOf(found.path, cid));
  let listed = 0;
  for await (const link of listDag(found.dag.blocks, cid)) {
    if (res.destroyed) return;
    if (listed === MOST_LISTED) {
      await written(res, '<li>… and more, which a CAR of this directory has\n');
      break;
    }
    listed += 1;
    await written(res, lineOf(found.path, link));
  }
  res.end('</ul>\n');
}

function headOf(path: ContentPath, cid: CID): string {
  const { root, names } = path;
  const crumbs = names.map((name, at) => {
    return `/<a href="${urlOf(root, names.slice(0, at + 1), false)}">${escaped(name)}</a>`;
  });
  const up = `<li><a href="${urlOf(root, names, true)}..">..</a>\n`;
  const title = escaped(textOf(path));
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>\n` +
    `<h1>Index of /ipfs/<a href="${urlOf(root, [], false)}">${root}</a>${crumbs.join('')}</h1>\n` +
    `<p>${cid}</p>\n<ul>\n${names.length === 0 ? '' : up}`
  );
}

function lineOf({ root, names }: ContentPath, link: { readonly name: string; readonly cid: CID }) {
  const { name, cid } = link;
  const short = `${String(cid).slice(0, 8)}…${String(cid).slice(-4)}`;
  // Twice escaped, as every gateway has it and the conformance suite asks for.
  const given = encodeURIComponent(escapedName(name));
  return (
    `<li><a href="${urlOf(root, [...names, name], false)}">${escaped(name)}</a> ` +
    `<a class="ipfs-hash" translate="no" href="/ipfs/${cid}?filename=${given}">${short}</a>\n`
  );
}
