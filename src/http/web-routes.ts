import { readFileSync } from 'node:fs';
import { Router } from 'express';

/** The pages' own scripts and styles, none of them inline, and answers of this origin alone. */
const WEB_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const FILES = [
  ['/sign-in', 'sign-in.html'],
  ['/web/sign-in.js', 'sign-in.js'],
  ['/web/browser-key.js', 'browser-key.js'],
  ['/web/style.css', 'style.css'],
] as const;

/** Sends what browsers run: the files of `src/web`, as they are. */
export function webRoutes(): Router {
  const router = Router();
  for (const [path, name] of FILES) {
    const bytes = readFileSync(new URL(`../web/${name}`, import.meta.url));
    router.get(path, (_req, res) => {
      res.set({ 'Content-Security-Policy': WEB_POLICY, 'Cache-Control': 'no-cache' });
      res.type(name).send(bytes);
    });
  }
  return router;
}
