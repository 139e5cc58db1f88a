import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';

/** Where `npm run build` puts what browsers run. */
const BUILT = fileURLToPath(new URL('../../dist/web', import.meta.url));

/**
 * The pages' own scripts and styles, none of them inline, and answers of this origin alone. Pictures may
 * be made by the pages themselves out of what they have fetched (`blob:`).
 */
const WEB_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
  "media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";

/** Addresses that the pages themselves make sense of (`src/web/router.tsx`); all else is the node's own. */
const PAGES = [
  '/',
  '/sign-in',
  '/deposit',
  '/releases',
  '/releases/:release',
  '/assets/:cid',
  '/review',
  '/partners',
  '/governance',
  '/audit',
  '/audit/:entry',
  '/makers{/*rest}',
];

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Ringfence</title>
<h1>The pages are not built</h1>
<p>This node answers programs, and has no pages for people yet: "npm run build" makes them, "npm start" does so by itself.
Open this address again then; a link that signs in stays good for its ten minutes.</p></html>
`;

/**
 * Sends what browsers run, as `npm run build` has made it. Files are called after what is in them and
 * kept for good; the one page that names them is asked for again each time.
 */
export function webRoutes(built = BUILT): Router {
  const router = Router();
  router.get(PAGES, sendPage(join(built, 'index.html')));
  router.use(
    '/web',
    express.static(join(built, 'web'), {
      ...{ immutable: true, maxAge: '1y', index: false, redirect: false, etag: false },
      setHeaders: (res) => void res.set('Content-Security-Policy', WEB_POLICY),
    }),
  );
  return router;
}

/** Reads the page anew until it is there, so that a node need not be started again after a build. */
function sendPage(path: string): RequestHandler {
  return (_req, res) => {
    const isBuilt = existsSync(path);
    res.set({ 'Content-Security-Policy': WEB_POLICY, 'Cache-Control': 'no-cache' });
    res.status(isBuilt ? 200 : 503).type('html');
    res.send(isBuilt ? readFileSync(path) : NOT_BUILT);
  };
}
