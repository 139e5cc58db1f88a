import { rateLimit } from 'express-rate-limit';
import { ArchiveError } from '../../core/errors.ts';

const HOUR_MS = 3_600_000;

/**
 * Lets each address (of IPv6 each network of 56 bits) through so many times in so many hours; afterwards
 * `Retry-After` says when it is let through again.
 */
export function inquiryLimit(most: number, hours: number) {
  return rateLimit({
    windowMs: hours * HOUR_MS,
    limit: most,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // It would tell the operator on the console what a client's header says.
    validate: false,
    handler() {
      const text = `${most} of these are taken from one address in ${hours === 1 ? 'an hour' : `${hours} hours`}; come back when Retry-After says`;
      throw new ArchiveError('rate_limited', text, { retryable: true });
    },
  });
}
