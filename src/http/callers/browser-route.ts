import { Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import { didFromPublicKey } from '../../core/entries/did-key.ts';
import { browserEndpoint } from '../contract/browser-endpoint.ts';
import { read, routeOf } from '../contract/endpoint.ts';
import { jsonBody } from '../json-body.ts';

/** Anybody may send one, so none is long. */
const MOST_BYTES = 1024;

/** Takes in browsers that bring a link. Whoever has the link needs nothing else. */
export function browserRoute({ browsers, ledger }: Pick<Archive, 'browsers' | 'ledger'>): Router {
  const router = Router();
  router.post(routeOf(browserEndpoint), jsonBody(MOST_BYTES), async (req, res) => {
    const { link, key } = read(browserEndpoint.body.schema, req.body);
    const browser = await browsers.signIn(link, {
      key: didFromPublicKey(Buffer.from(key, 'base64url')),
      agent: req.get('user-agent') ?? '',
    });
    const { self } = ledger;
    const answer = { key: browser.key, node: self.did, until: browser.until };
    const body = Buffer.from(`${JSON.stringify(answer)}\n`);
    res.set('Cache-Control', 'no-store').type('application/json').send(body);
  });
  return router;
}
