import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { clientAddress, isFromHere } from '../connections/client-address.ts';
import { networkOf } from '../connections/listen-address.ts';
import { tagOf } from './caller-tag.ts';
import { createSenderLimit } from './sender-limit.ts';
import { callerOf } from './sign-in.ts';

/** Requests in a minute. */
export interface RateSettings {
  /** Of an address that does not sign in, of IPv6 of each network of 56 bits. */
  readonly perAddress: number;
  /** Of each key that signs in, from wherever. */
  readonly perKey: number;
}

const WINDOW_MS = 60_000;

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
  const limit = (name: keyof RateSettings) => {
    const most = settings[name];
    const words = `${most} requests a minute are answered`;
    return createSenderLimit({ name, most, windowMs: WINDOW_MS, words });
  };
  const limitKey = limit('perKey');
  const limitAddress = limit('perAddress');

  function take(req: Request, res: Response): void {
    if (isFromHere(req)) return;
    const caller = callerOf(req);
    if (caller.kind === 'anonymous') limitAddress(networkOf(clientAddress(req)), res);
    else limitKey(tagOf(caller), res);
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
