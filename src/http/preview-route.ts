import { createHash } from 'node:crypto';
import { Router } from 'express';
import type { Archive } from '../archive/archive.ts';
import { knownAsset } from '../archive/known-assets.ts';
import { preview } from '../archive/preview.ts';
import { readabilityFor } from '../archive/readability.ts';
import { parseCid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { rightsOf } from './callers/roles.ts';
import { callerOf } from './callers/sign-in.ts';
import { previewEndpoint } from './contract/assets-endpoints.ts';
import { read, routeOf } from './contract/endpoint.ts';
import { isKnown } from './gateway/answer-headers.ts';
import { signalOf } from './gone-signal.ts';

/** A browser asks again after this time, and whoever has signed out is not shown what it has kept. */
const KEPT = 'private, max-age=3600';

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'content' | 'previews' | 'keptPreviews'>;

/** Shows assets at a glance to whoever may see everything or read their bytes, and pages to who reviews or may read. */
export function previewRoute(archive: Parts): Router {
  const router = Router();
  router.get(routeOf(previewEndpoint), async (req, res) => {
    const { asset } = read(previewEndpoint.parameters, req.params);
    const { page } = read(previewEndpoint.query, req.query);
    const cid = parseCid(asset);
    const caller = callerOf(req);
    // Pages are the work itself: whoever may not have its bytes sees them only to judge it.
    const wanted = page === undefined ? 'see' : 'review';
    const seesAll = rightsOf(caller, archive.ledger.self.organisation).has(wanted);
    if (!seesAll && !READABLE.has(readabilityFor(caller, cid, archive))) {
      throw new ArchiveError(
        'not_found',
        `${asset} is not in this archive, or not for you to read`,
      );
    }
    const signal = signalOf(res);
    const { mediaType, bytes } = await preview(
      knownAsset(asset, archive.catalog),
      archive,
      signal,
      page,
    );
    const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
    res.set({ ETag: etag, 'Cache-Control': KEPT, Vary: 'Authorization' });
    if (isKnown(req, etag)) res.status(304).end();
    else res.type(mediaType).send(bytes);
  });
  return router;
}

const READABLE: ReadonlySet<string> = new Set(['anybody', 'reader']);
