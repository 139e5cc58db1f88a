import { Router } from 'express';
import type { Archive } from '../../archive/archive.ts';

/**
 * For whoever watches the node: `/healthz` says that it runs, `/readyz` that it can answer, which is so
 * when its ledger and its catalog can be read.
 */
export function healthRoutes({ ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').type('text/plain').send('ok\n');
  });
  router.get('/readyz', (_req, res) => {
    ledger.size();
    catalog.list({}, { limit: 1 });
    res.set('Cache-Control', 'no-store').type('text/plain').send('ready\n');
  });
  return router;
}
