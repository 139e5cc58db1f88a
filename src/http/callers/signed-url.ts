import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Signer } from '../../core/ports/keys.ts';
import { readToken, type Showing, signedToken, type TokenKind, type TokenTerms } from './token.ts';

/** The parameter of a signed URL that holds its token. */
export const SIGNED = 'signed';

/** A week. */
const LONGEST_URL_S = 604_800;

/** Opens one path and what is below it, for reading. It signs nobody in, and no sign-in opens a URL. */
const SIGNED_URL: TokenKind = {
  type: 'url+jwt',
  isUntyped: false,
  longestS: LONGEST_URL_S,
  maker: 'ringfence sign-url',
};

/** What can be opened to whoever has a URL. */
const OPENED = /^\/(?:ipfs\/[^/]+|d\/[^/]+\/[^/]+|api\/v1\/assets)(?:\/|$)/;

/** Whoever may read a release may say that it was pulled. */
const SAID = /^\/d\/[^/]+\/[^/]+\/receipts$/;

/** Says whether a request is one that a signed URL can make. */
export function canBeSigned(method: string, path: string): boolean {
  if (method === 'POST') return SAID.test(path);
  return (method === 'GET' || method === 'HEAD') && OPENED.test(path);
}

/**
 * Returns the path with a token that opens it, and everything below it, to whoever has it: for reading,
 * at one node, for `lifeS` seconds, as far as the signer may read it then.
 *
 * @throws {ArchiveError} `usage_invalid` for a path that cannot be opened so, or for too long.
 */
export function signUrl(
  path: string,
  signer: Signer,
  terms: TokenTerms & { readonly lifeS: number },
): string {
  const wrong = (text: string) => new ArchiveError('usage_invalid', text);
  if (!canBeSigned('GET', path) || /[?#]/.test(path) || namesIn(path) === undefined) {
    throw wrong(
      `${path} cannot be signed; give /ipfs/CID, /d/NAME/VERSION or /api/v1/assets, or a path below them`,
    );
  }
  if (!(terms.lifeS >= 1 && terms.lifeS <= LONGEST_URL_S)) {
    throw wrong('a signed URL lives for a second at least and for 7 days at most');
  }
  return `${path}?${SIGNED}=${signedToken(SIGNED_URL, signer, terms, { path })}`;
}

/**
 * Returns the key that signed the URL of this path.
 *
 * @throws {ArchiveError} `sign_in_invalid`.
 */
export async function keyThatOpened(token: string, path: string, at: Showing): Promise<Did> {
  const { key, claims } = await readToken(SIGNED_URL, token, at);
  const asked = namesIn(path);
  const opened = typeof claims['path'] === 'string' ? namesIn(claims['path']) : undefined;
  if (asked !== undefined && opened?.every((name, at) => asked[at] === name)) return key;
  throw new ArchiveError('sign_in_invalid', 'this URL was signed for another path');
}

/**
 * Returns the names in a path; undefined for a path that can be read in more than one way, since the
 * gateway resolves what is in it (`..`, doubled slashes, escaped ones).
 */
function namesIn(path: string): readonly string[] | undefined {
  try {
    const [before, ...names] = path.replace(/\/$/, '').split('/').map(decodeURIComponent);
    const isPlain = (name: string) => !['', '.', '..'].includes(name) && !/[/\\\0]/.test(name);
    return before === '' && names.every(isPlain) ? names : undefined;
  } catch {
    return undefined;
  }
}
