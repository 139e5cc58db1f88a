import { Router } from 'express';
import { reservationFields } from '../core/reservations/header-fields.ts';
import { sendingJson } from './send-json.ts';

/** What holds where no answer says otherwise: every use is reserved. */
const RESERVED = reservationFields(new Set());

/**
 * What crawlers ask for before anything else, for the whole node: `/robots.txt` (RFC 9309, with the lines
 * of draft-ietf-aipref-attach-05 and of Content Signals) and `/.well-known/tdmrep.json` (TDMRep, §3).
 *
 * Which asset may be used for what changes with its verdict, so it is said by the headers of the asset's own
 * answer: in TDMRep these come before the file. Nothing is to be crawled: datasets are pulled as releases.
 */
export function reservationRoutes(): Router {
  const router = Router();
  router.get('/robots.txt', (_req, res) => {
    const rules = ['Content-Usage', 'Content-Signal'] as const;
    const said = rules.map((name) => `${name}: ${RESERVED[name]}`);
    const text = ['User-Agent: *', ...said, 'Disallow: /', ''].join('\n');
    res.set('Cache-Control', 'public, max-age=3600').type('text/plain').send(text);
  });
  const reservation = Number(RESERVED['TDM-Reservation']);
  const everywhere = [{ location: '/*', 'tdm-reservation': reservation }];
  router.get('/.well-known/tdmrep.json', sendingJson(everywhere));
  return router;
}
