import express, { type Request, Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import type { LiveView } from '../../archive/live/live-release.ts';
import { giveReceipt } from '../../archive/tracing/give-receipt.ts';
import { ArchiveError } from '../../core/errors.ts';
import { createSenderLimit } from '../callers/sender-limit.ts';
import { clientAddress, isFromHere } from '../connections/client-address.ts';
import { networkOf } from '../connections/listen-address.ts';

type Parts = Pick<
  Archive,
  'ledger' | 'catalog' | 'signer' | 'verifySignature' | 'sha256' | 'clock'
>;

/** The names of 65,536 shards. */
const MOST_BYTES = 5_242_880;
const MOST_AN_HOUR = 120;

/**
 * `POST /d/NAME/VERSION/receipts`: whoever has pulled what is served now says so, signed, and is answered
 * with a receipt that is in the ledger. `viewOf` finds the release, as far as who asks may read it.
 */
export function receiptRoute(
  parts: Parts,
  viewOf: (req: Request, path: string) => Promise<LiveView>,
): Router {
  const limit = createSenderLimit({
    ...{ name: 'receipts', most: MOST_AN_HOUR, windowMs: 3_600_000 },
    words: `${MOST_AN_HOUR} receipts are given to one address in an hour`,
  });
  const body = express.raw({ type: 'application/json', limit: MOST_BYTES, inflate: false });
  return Router().post(/^(\/d\/.+\/)receipts$/, body, async (req, res) => {
    if (!isFromHere(req)) limit(networkOf(clientAddress(req)), res);
    const view = await viewOf(req, req.path.replace(/receipts$/, ''));
    const bytes: unknown = req.body;
    if (!(bytes instanceof Uint8Array)) {
      throw new ArchiveError('input_invalid', 'the body has to be application/json');
    }
    const receipt = await giveReceipt(bytes, view, parts);
    res.status(201).set('Cache-Control', 'no-store').type('application/json');
    res.send(Buffer.from(receipt));
  });
}
