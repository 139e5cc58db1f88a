import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { ArchiveError } from '../core/errors.ts';
import { tagOf } from './caller-tag.ts';
import { isLoopback } from './listen-address.ts';
import { callerOf } from './sign-in.ts';

/** Requests in a minute. */
export interface RateSettings {
  /** Of an address that does not sign in, of IPv6 of each network of 56 bits. */
  readonly perAddress: number;
  /** Of each key that signs in, from wherever. */
  readonly perKey: number;
}

const WINDOW_MS = 60_000;
/** Senders that are counted at once; of more, the one counted longest is forgotten. */
const MOST_SENDERS = 65_536;

/** How much of its share a sender has used up, and until when it lasts. */
interface Count {
  used: number;
  readonly endsAt: number;
}

/**
 * Counts requests, in constant memory, by who signs in or, of those who do not, by where they come from, and
 * refuses what goes beyond a minute's share (draft-ietf-httpapi-ratelimit-headers-10). What comes from this
 * machine itself, and not through a proxy on it, is not counted.
 *
 * `count` comes behind the sign-in, `countFailed` takes what the sign-in has refused.
 */
export function createRateLimits(settings: RateSettings): {
  readonly count: RequestHandler;
  readonly countFailed: ErrorRequestHandler;
} {
  const counts = new Map<string, Count>();

  function take(req: Request, res: Response): void {
    const { ip = '' } = req;
    if (isLoopback(ip.replace(/^::ffff:/, ''))) return;
    const caller = callerOf(req);
    const isKnown = caller.kind !== 'anonymous';
    const policy = isKnown ? 'perKey' : 'perAddress';
    const sender = isKnown ? tagOf(caller) : ipKeyGenerator(ip, 56);
    const count = countOf(sender);
    count.used += 1;
    const seconds = Math.ceil((count.endsAt - performance.now()) / 1000);
    const most = settings[policy];
    res.set('RateLimit-Policy', `"${policy}";q=${most};w=${WINDOW_MS / 1000}`);
    res.set('RateLimit', `"${policy}";r=${Math.max(0, most - count.used)};t=${seconds}`);
    if (count.used <= most) return;
    res.set('Retry-After', String(seconds));
    const text = `${most} requests a minute are answered; send more in ${seconds} seconds`;
    throw new ArchiveError('rate_limited', text, { retryable: true });
  }

  function countOf(sender: string): Count {
    const now = performance.now();
    const known = counts.get(sender);
    if (known !== undefined && known.endsAt > now) return known;
    counts.delete(sender);
    const [oldest] = counts.keys();
    if (counts.size >= MOST_SENDERS && oldest !== undefined) counts.delete(oldest);
    const begun = { used: 0, endsAt: now + WINDOW_MS };
    counts.set(sender, begun);
    return begun;
  }

  return {
    count(req, res, next) {
      take(req, res);
      next();
    },
    countFailed(error, req, res, next) {
      take(req, res);
      next(error);
    },
  };
}
