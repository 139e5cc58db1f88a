import { type Cid, isCid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';

/** The release that somebody wants. */
export type WantedRelease =
  | { readonly name: string; readonly version: string }
  | { readonly release: Cid };

const NAMED = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})[@/](\d[0-9A-Za-z.+-]{0,127})$/;

/**
 * Reads `NAME@VERSION`, `NAME/VERSION` or the CID of a release.
 *
 * @throws {ArchiveError} `usage_invalid`.
 */
export function parseWanted(text: string): WantedRelease {
  if (isCid(text)) return { release: text };
  const [, name, version] = NAMED.exec(text) ?? [];
  if (name !== undefined && version !== undefined) return { name, version };
  throw new ArchiveError(
    'usage_invalid',
    `${JSON.stringify(text)} names no release; write NAME@1.0.0, or its CID`,
  );
}

/** Where one node serves a release. */
export interface ReleaseAddress {
  /** Without a slash at its end: `https://archive.example/d/prints/1.0.0`. */
  readonly base: string;
  /** What a signed URL carries after its `?`; empty for others. */
  readonly query: string;
}

/**
 * Returns where a release is served by the node at this URL, which may be the node's own, or that of the
 * release, signed or not.
 *
 * @throws {ArchiveError} `usage_invalid` for what is no http URL.
 */
export function addressOf(from: string, wanted: WantedRelease): ReleaseAddress {
  const url = URL.parse(from);
  if (url === null || !/^https?:$/.test(url.protocol)) throw noUrl(from);
  if (url.username !== '' || url.password !== '') {
    throw new ArchiveError('usage_invalid', `${url.host} is given with a password; use --token`);
  }
  const path = url.pathname.replace(/\/$/, '');
  const query = url.search.replace(/^\?/, '');
  const isOfRelease = /\/d\/[^/]+(?:\/[^/]+)?$/.test(path);
  const named = 'release' in wanted ? wanted.release : `${wanted.name}/${wanted.version}`;
  const base = isOfRelease ? path : `${path}/d/${named.replaceAll('+', '%2B')}`;
  return { base: `${url.origin}${base}`, query };
}

function noUrl(from: string): ArchiveError {
  const text = `${JSON.stringify(from)} is no URL of a node; write https://archive.example`;
  return new ArchiveError('usage_invalid', text);
}
