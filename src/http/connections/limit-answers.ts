import type { RequestHandler } from 'express';
import { ArchiveError } from '../../core/errors.ts';

/** Requests answered at a time, each of which may hold a leaf. */
const MOST_ANSWERED = 256;

/** Lets 256 requests at a time be answered; those beyond are refused as `busy`, and their connections ended. */
export function limitAnswers(most = MOST_ANSWERED): RequestHandler {
  let answered = 0;
  return (_req, res, next) => {
    if (answered >= most) {
      res.set('Connection', 'close');
      const text = `${most} requests are being answered; ask again in a while`;
      throw new ArchiveError('busy', text, { retryable: true });
    }
    answered += 1;
    res.once('close', () => {
      answered -= 1;
    });
    next();
  };
}
