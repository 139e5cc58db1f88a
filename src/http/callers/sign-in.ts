import type { Request, RequestHandler } from 'express';
import type { Archive } from '../../archive/archive.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Caller } from '../../core/sharing/caller.ts';
import { isForeign } from './guard.ts';
import { canBeSigned, keyThatOpened, SIGNED } from './signed-url.ts';
import { readToken, type Showing, SIGN_IN } from './token.ts';

/** What is known of who may sign in. */
type Known = Pick<Archive, 'ledger' | 'catalog' | 'browsers' | 'clock'>;

const ANONYMOUS: Caller = { kind: 'anonymous' };
const BEARER = /^Bearer ([\w.~+/-]+=*)$/i;

/** Who sent a request, as it began, and as is known now. */
const callers = new WeakMap<Request, { readonly caller: Caller; readonly now: () => Caller }>();

/**
 * Finds out who sends each request, by the token in `Authorization` (RFC 6750) or the one of a signed
 * URL, and by what the ledger says at that moment: whoever was revoked is a stranger with the next
 * request. Without a token it is nobody known, wherever the request comes from, as is a page of another
 * origin.
 */
export function signIn(known: Known): RequestHandler {
  return async (req, _res, next) => {
    const signed = takeSigned(req);
    const key = isForeign(req) ? undefined : await keyIn(req, signed, known);
    if (key !== undefined) {
      const caller = callerWith(key, known);
      if (caller === undefined) {
        const text = `${key} is no member's, no maker's and no browser of the owner's, or is no longer`;
        throw new ArchiveError('sign_in_invalid', text);
      }
      callers.set(req, { caller, now: () => callerWith(key, known) ?? ANONYMOUS });
    }
    next();
  };
}

/** Returns who sent a request. */
export function callerOf(req: Request): Caller {
  return callers.get(req)?.caller ?? ANONYMOUS;
}

/** Returns who sent a request that goes on for long, by what is known of that key now. */
export function callerNow(req: Request): Caller {
  return callers.get(req)?.now() ?? ANONYMOUS;
}

/** Takes the token out of a signed URL: nobody further on is to know of it. */
function takeSigned(req: Request): string | undefined {
  if (!req.url.includes('?') || !canBeSigned(req.method, req.path)) return undefined;
  const [path = '', query = ''] = req.url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const [token, ...others] = parameters.getAll(SIGNED);
  if (token === undefined) return undefined;
  parameters.delete(SIGNED);
  req.url = parameters.size === 0 ? path : `${path}?${parameters}`;
  if (others.length === 0 && req.get('authorization') === undefined) return token;
  throw new ArchiveError('sign_in_invalid', 'one token signs in, and there are several');
}

async function keyIn(
  req: Request,
  signed: string | undefined,
  { ledger, clock }: Pick<Known, 'ledger' | 'clock'>,
): Promise<Did | undefined> {
  const header = req.get('authorization');
  if (signed === undefined && header === undefined) return undefined;
  const at: Showing = { audience: ledger.self.did, now: clock() };
  if (signed !== undefined) return keyThatOpened(signed, req.path, at);
  const [, token] = BEARER.exec(header ?? '') ?? [];
  if (token !== undefined) return (await readToken(SIGN_IN, token, at)).key;
  throw new ArchiveError('sign_in_invalid', 'Authorization has to be "Bearer TOKEN"');
}

/** Returns whose key it is; undefined for one of nobody who may sign in. */
function callerWith(key: Did, { ledger, catalog, browsers }: Known): Caller | undefined {
  const isOwner = key === ledger.self.did || browsers.list().some((browser) => browser.key === key);
  if (isOwner) return { kind: 'owner' };
  const member = ledger.memberOf(key);
  // What this home has signed out is nobody's, even before the ledger has heard of it.
  const isGone = member?.browserKeys.includes(key) && ledger.browserKeys().includes(key);
  if (isGone === true) return undefined;
  if (member !== undefined) return { kind: 'member', key, member };
  return catalog.hasSigned(key) ? { kind: 'maker', key } : undefined;
}
