import { CID } from 'multiformats/cid';
import { ArchiveError } from '../../core/errors.ts';
import { ABSOLUTE_FORM } from '../absolute-form.ts';

/** A path below `/ipfs/`, as the path gateway specification reads it. */
export interface ContentPath {
  readonly root: CID;
  readonly names: readonly string[];
  /** Whether it ends with a slash, as that of a directory does. */
  readonly isOfDirectory: boolean;
}

/**
 * Reads the path of a request, whose address may name the host as well: every escape is decoded once,
 * `.` and `..` are resolved and doubled slashes are one. A name is never a path on any disk.
 *
 * @throws {ArchiveError} `input_invalid` for escapes that are no UTF-8, or a root that is no CID.
 */
export function parseContentPath(url: string): ContentPath {
  const parts = decoded(url.replace(ABSOLUTE_FORM, '').replace(/[?#].*$/s, '')).split('/');
  const names: string[] = [];
  for (const part of parts) {
    if (part === '..') names.pop();
    else if (part !== '' && part !== '.') names.push(part);
  }
  const [namespace, root = '', ...below] = names;
  if (namespace !== 'ipfs') throw new ArchiveError('not_found', 'only /ipfs/ is served here');
  const isOfDirectory = ['', '.', '..'].includes(parts.at(-1) ?? '');
  return { root: parseRoot(root), names: below, isOfDirectory };
}

/** Returns the path as a URL, with nothing in it that is not ASCII. */
export function urlOf(root: CID, names: readonly string[], isOfDirectory: boolean): string {
  return ['/ipfs', String(root), ...names.map(escapedName)].join('/') + (isOfDirectory ? '/' : '');
}

/** Returns the one spelling that a content path has as a URI (IPIP-0548). */
export function uriOf({ root, names, isOfDirectory }: ContentPath): string {
  const below = names.map((name) => `/${escapedName(name)}`).join('');
  return `ipfs://${root.toV1()}${below}${isOfDirectory ? '/' : ''}`;
}

/** Escapes whatever is not unreserved in RFC 3986. */
export function escapedName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Returns the path with nothing escaped, for people. */
export function textOf({ root, names, isOfDirectory }: ContentPath): string {
  return ['/ipfs', String(root), ...names].join('/') + (isOfDirectory ? '/' : '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new ArchiveError('input_invalid', 'the path has escapes that are no UTF-8', { cause });
  }
}

/** Roots that were asked for lately, each parsed once: whoever reads a file in ranges names it again and again. */
const known = new Map<string, CID>();
const MOST_KNOWN = 256;
/** Longer than any spelling of a CID of the archive. */
const MOST_KNOWN_TEXT = 128;

/** Room for what an identity CID holds itself. Reading base58 takes the square of its length. */
const MAX_ROOT = 1024;

function parseRoot(text: string): CID {
  try {
    if (text.length > MAX_ROOT) throw new RangeError('it is too long');
    const root = known.get(text) ?? CID.parse(text);
    if (known.size >= MOST_KNOWN) known.clear();
    if (text.length <= MOST_KNOWN_TEXT) known.set(text, root);
    return root;
  } catch (cause) {
    const named = JSON.stringify(text.slice(0, 80));
    throw new ArchiveError('input_invalid', `${named} is not a CID`, { cause });
  }
}
