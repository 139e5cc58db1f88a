import { rateLimit } from 'express-rate-limit';
import { ArchiveError } from '../../core/errors.ts';

const HOUR_MS = 3_600_000;

/** Lets each address (of IPv6 each network of 56 bits) through so often in an hour; later, `Retry-After` says. */
export function inquiryLimit(perHour: number) {
  return rateLimit({
    windowMs: HOUR_MS,
    limit: perHour,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // It would tell the operator on the console what a client's header says.
    validate: false,
    handler() {
      const text = `${perHour} questions an hour are answered; ask again when Retry-After says`;
      throw new ArchiveError('rate_limited', text, { retryable: true });
    },
  });
}
