import type { Request, RequestHandler } from 'express';
import type { Archive } from '../archive/archive.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Caller } from '../core/sharing/caller.ts';
import { isForeign } from './guard.ts';
import { keyThatSigned } from './token.ts';

/** What is known of who may sign in. */
type Known = Pick<Archive, 'ledger' | 'browsers' | 'clock'>;

const ANONYMOUS: Caller = { kind: 'anonymous' };
const BEARER = /^Bearer ([\w.~+/-]+=*)$/i;

const callers = new WeakMap<Request, Caller>();

/**
 * Finds out who sends each request, by the token in `Authorization` (RFC 6750) and by what the ledger
 * says at that moment: whoever was revoked is a stranger with the next request. Without a token it is
 * nobody known, wherever the request comes from, as is a page of another origin.
 */
export function signIn(archive: Known): RequestHandler {
  return async (req, _res, next) => {
    const header = req.get('authorization');
    if (header !== undefined && !isForeign(req))
      callers.set(req, await callerWith(header, archive));
    next();
  };
}

/** Returns who sent a request. */
export function callerOf(req: Request): Caller {
  return callers.get(req) ?? ANONYMOUS;
}

async function callerWith(header: string, { ledger, browsers, clock }: Known): Promise<Caller> {
  const [, token] = BEARER.exec(header) ?? [];
  if (token === undefined) {
    throw new ArchiveError('sign_in_invalid', 'Authorization has to be "Bearer TOKEN"');
  }
  const audience = ledger.self.did;
  const key = await keyThatSigned(token, { audience, now: clock() });
  const isOwner = key === audience || browsers.list().some((browser) => browser.key === key);
  if (isOwner) return { kind: 'owner' };
  const member = ledger.memberOf(key);
  if (member !== undefined) return { kind: 'member', key, member };
  throw new ArchiveError(
    'sign_in_invalid',
    `${key} is no member's key and no browser of the owner, or is no longer`,
  );
}
