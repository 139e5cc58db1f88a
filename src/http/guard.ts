import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { ArchiveError } from '../core/errors.ts';
import { sendProblem } from './send-problem.ts';

/** What every answer says to browsers; answers that are to be seen say more of themselves. */
const answerHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
});

/**
 * Lets no web page read the archive through the browser of somebody who has a node running.
 *
 * A page whose name was made to point to this machine says that name as `Host`. A page of another
 * origin says so in `Sec-Fetch-Site` or `Origin`, and is sent no leave to read; only following a link
 * is open to it, whose result it cannot read. Under `/ipfs/` it reads what anybody may read.
 *
 * Every answer has an `X-Request-Id`, by which what is logged of it is found.
 */
export function guard(req: Request, res: Response, next: NextFunction): void {
  res.set('X-Request-Id', randomUUID());
  answerHeaders(req, res, () => {
    const { host } = req.headers;
    const isGateway = req.path.startsWith('/ipfs/');
    if (host === undefined || !ownHosts(req).includes(host.toLowerCase())) {
      const text = `this is no ${JSON.stringify(host ?? '')}; ask for localhost or 127.0.0.1`;
      sendProblem(res, new ArchiveError('input_invalid', text), 421);
    } else if (isForeign(req) && !isGateway) {
      const text = 'pages of other origins may not read this archive';
      sendProblem(res, new ArchiveError('input_invalid', text), 403);
    } else if (isGateway && !['GET', 'HEAD', 'OPTIONS'].includes(req.method)) {
      res.set('Allow', 'GET, HEAD, OPTIONS');
      const text = `${req.method} is not answered here; only reading is`;
      sendProblem(res, new ArchiveError('input_invalid', text), 405);
    } else {
      next();
    }
  });
}

/** Says whether the page of another origin asks. */
export function isForeign(req: Request): boolean {
  const { host, origin } = req.headers;
  return (origin !== undefined && origin !== `http://${host}`) || !isOwnFetch(req);
}

function ownHosts({ socket }: Request): readonly string[] {
  const { localPort, localAddress = '' } = socket;
  const hosts = ['localhost', '127.0.0.1', '[::1]', localAddress];
  return hosts.map((name) => (localPort === 80 ? name : `${name}:${localPort}`));
}

/** Browsers say where a request comes from (Fetch Metadata Request Headers, W3C); other programs do not. */
function isOwnFetch({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return true;
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}
