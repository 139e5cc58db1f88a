import { readFileSync } from 'node:fs';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { sendingJson } from '../send-json.ts';
import { sendProblem } from '../send-problem.ts';
import { DOCS_POLICY, docsPage } from './docs-page.ts';
import type { Endpoint } from './endpoint.ts';
import { openApiOf } from './openapi.ts';

/** `/openapi.json`, and `/docs` for people. */
export function contractRoutes(endpoints: readonly Endpoint[]): Router {
  const page = docsPage(endpoints);
  const router = Router();
  router.get('/openapi.json', sendingJson(openApiOf(endpoints, version())));
  router.get('/docs', (_req, res) => {
    res.set({ 'Content-Security-Policy': DOCS_POLICY, 'Cache-Control': 'no-cache' });
    res.type('html').send(page);
  });
  return router;
}

/**
 * Answers what nothing else has answered: 405 where the path can be asked for in another way, which
 * `Allow` names, else 404.
 */
export function unanswered(endpoints: readonly Endpoint[]) {
  const methodsAt = methodsOf(endpoints);
  return (req: Request, res: Response): void => {
    const methods = methodsAt(req.path);
    if (methods.length === 0) {
      throw new ArchiveError('not_found', `there is nothing at ${req.path}`);
    }
    res.set('Allow', methods.join(', '));
    const text = `${req.method} is not answered here; ${methods.join(' and ')} are`;
    sendProblem(res, new ArchiveError('input_invalid', text), 405);
  };
}

/** Says at once what a path of the interface can be asked for, whoever asks; the gateway says so itself. */
export function answerOptions(endpoints: readonly Endpoint[]): RequestHandler {
  const methodsAt = methodsOf(endpoints);
  return (req, res, next) => {
    const isAsked = req.method === 'OPTIONS' && !req.path.startsWith('/ipfs/');
    const methods = isAsked ? methodsAt(req.path) : [];
    if (methods.length === 0) next();
    else res.set('Allow', methods.join(', ')).status(204).end();
  };
}

function methodsOf(endpoints: readonly Endpoint[]): (path: string) => readonly string[] {
  const known = endpoints.map(({ method, path }) => ({
    methods: method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
    form: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return (path) => known.filter(({ form }) => form.test(path)).flatMap(({ methods }) => methods);
}

function version(): string {
  const path = new URL('../../../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}
