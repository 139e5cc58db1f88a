import type { Request, Response } from 'express';
import type { CID } from 'multiformats/cid';
import { type ContentPath, escapedName, textOf, uriOf, urlOf } from './content-path.ts';
import type { WantedFormat } from './response-format.ts';

/** What a CID names never changes. */
const MAX_AGE = 'max-age=29030400, immutable';

const PUBLIC_LISTING = 'public, max-age=604800, stale-while-revalidate=2678400';

/** Longer ones some programs refuse in a header. */
const MAX_URI = 4096;

/** Says what was asked for, as soon as that is known. */
export function setPathHeaders(res: Response, path: ContentPath): void {
  const uri = uriOf(path);
  if (uri.length <= MAX_URI) res.set('Ipfs-Uri', uri);
  const text = textOf(path);
  if (/^[\x20-\x7e]{1,4096}$/.test(text)) res.set('X-Ipfs-Path', text);
}

/**
 * Says where `Accept` chose the format, and by which address alone the same is given (path gateway
 * specification): else a cache that many share would give one format to whoever asks for another.
 */
export function setFormatHeaders(
  { originalUrl }: Request,
  res: Response,
  path: ContentPath,
  { format, parameters, isNamed }: WantedFormat,
): void {
  // That of a CAR is known by more than its format.
  if (!isNamed || format === 'car') res.vary('Accept');
  if (isNamed || format === 'web') return;
  const query = new URLSearchParams(/\?([^#]*)/.exec(originalUrl)?.[1]);
  query.set('format', format);
  for (const name of format === 'car' ? CAR_PARAMETERS : []) {
    const value = parameters.get(name);
    if (value !== undefined && !query.has(`car-${name}`)) query.set(`car-${name}`, value);
  }
  query.sort();
  const url = `${urlOf(path.root, path.names, path.isOfDirectory)}?${query}`;
  if (url.length <= MAX_URI) res.set('Content-Location', url);
}

const CAR_PARAMETERS = ['version', 'order', 'dups'];

/** Says how long an answer may be kept, and by whom: by caches that many share only what is public. */
export function setCacheHeaders(res: Response, isPublic: boolean): void {
  res.set('Cache-Control', `${isPublic ? 'public' : 'private'}, ${MAX_AGE}`);
}

/** Says the same of a page that another version of the program would make otherwise. */
export function setListingCacheHeaders(res: Response, isPublic: boolean): void {
  res.set('Cache-Control', isPublic ? PUBLIC_LISTING : 'private, max-age=604800');
}

/** Says which CIDs the names of the path led to. */
export function setRootsHeader(res: Response, roots: readonly CID[]): void {
  const text = roots.join(',');
  if (text.length <= 8192) res.set('X-Ipfs-Roots', text);
}

/** Says under which name it is to be kept. */
export function setDisposition(res: Response, how: 'attachment' | 'inline', name: string): void {
  const ascii = escapedName(name.replace(/[^\x20-\x7e]/g, '_'));
  const whole = escapedName(name);
  res.set('Content-Disposition', `${how}; filename="${ascii}"; filename*=UTF-8''${whole}`);
}

/** Returns the name that a request gives to what it asks for. */
export function namedInQuery({ query }: Request): string | undefined {
  const name = query['filename'];
  return typeof name === 'string' && name !== '' && name.length <= 1024 ? name : undefined;
}

/** Says whether it is to be kept instead of shown. */
export function isDownloadAsked({ query }: Request): boolean {
  return query['download'] === 'true';
}

/** Says whether whoever asks has one of these already (RFC 9110 §13.1.2). */
export function isKnown({ headers }: Request, ...etags: readonly string[]): boolean {
  const known = headers['if-none-match']?.split(',').map((tag) => weak(tag.trim()));
  return known?.some((tag) => tag === '*' || etags.some((etag) => weak(etag) === tag)) ?? false;
}

function weak(etag: string): string {
  return etag.replace(/^W\//, '');
}
