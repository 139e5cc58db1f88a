import type { RequestHandler } from 'express';
import { createSenderLimit } from '../callers/sender-limit.ts';
import { networkOf } from '../connections/listen-address.ts';

const HOUR_MS = 3_600_000;

/** Lets each address (of IPv6 each network of 56 bits) through so many times in so many hours. */
export function inquiryLimit(name: string, most: number, hours: number): RequestHandler {
  const within = hours === 1 ? 'an hour' : `${hours} hours`;
  const words = `${most} of these are taken from one address in ${within}`;
  const limit = createSenderLimit({ name, most, windowMs: hours * HOUR_MS, words });
  return ({ ip = '' }, res, next) => {
    limit(networkOf(ip), res);
    next();
  };
}
