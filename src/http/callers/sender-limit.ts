import type { Response } from 'express';
import { ArchiveError } from '../../core/errors.ts';
import { SenderCounts } from './sender-counts.ts';

/** What one sender may send. */
interface SenderTerms {
  /** Names the limit in headers. */
  readonly name: string;
  readonly most: number;
  readonly windowMs: number;
  /** Says so in words, which go before when there will be more. */
  readonly words: string;
}

/**
 * Returns what counts the requests of each sender, tells it what is left
 * (draft-ietf-httpapi-ratelimit-headers-10), and refuses what goes beyond.
 *
 * What is returned throws {@link ArchiveError} `rate_limited`, with `Retry-After`.
 */
export function createSenderLimit({ name, most, windowMs, words }: SenderTerms) {
  const counts = new SenderCounts(windowMs);
  return (sender: string, res: Response): void => {
    const { used, seconds } = counts.take(sender);
    // Another limit may have told something already.
    res.append('RateLimit-Policy', `"${name}";q=${most};w=${windowMs / 1000}`);
    res.append('RateLimit', `"${name}";r=${Math.max(0, most - used)};t=${seconds}`);
    if (used <= most) return;
    res.set('Retry-After', String(seconds));
    const text = `${words}; send more in ${seconds} seconds`;
    throw new ArchiveError('rate_limited', text, { retryable: true });
  };
}
