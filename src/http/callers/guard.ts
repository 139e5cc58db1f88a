import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { ArchiveError } from '../../core/errors.ts';
import { ABSOLUTE_FORM } from '../absolute-form.ts';
import type { Exposure } from '../connections/exposure.ts';
import { isLoopback, plainAddress } from '../connections/listen-address.ts';
import { sendProblem } from '../send-problem.ts';
import { shareWithPages } from './pages-of-others.ts';

/** What every answer says to browsers, found out once; answers that are to be seen say more of themselves. */
const ANSWER_HEADERS = headersOf(
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    xFrameOptions: { action: 'deny' },
  }),
);

/** The one thing that clients may expect (RFC 9110 §10.1.1). */
const CONTINUE = '100-continue';

const foreign = new WeakSet<Request>();

/**
 * Lets no web page read the archive through the browser of somebody who has a node running, and nobody
 * send what others could read on the way.
 *
 * A page whose name was made to point to this machine says that name as `Host`. A page of another
 * origin says so in `Sec-Fetch-Site` or `Origin`, and is sent no leave to read; only following a link
 * is open to it, whose result it cannot read. Under `/ipfs/` it reads what anybody may read, and what
 * is wrong with what it asked. Headers of proxies (`X-Forwarded-Host`, `-Proto`) say nothing of either.
 *
 * Every answer has an `X-Request-Id`, by which what is logged of it is found.
 */
export function guard(exposure: Exposure): RequestHandler {
  const isOwnHost = hostTest(exposure);
  return (req, res, next) => {
    res.set('X-Request-Id', randomUUID());
    res.setHeaders(ANSWER_HEADERS);
    const isOthers = isOfOthers(req, exposure);
    const isGateway = req.path.startsWith('/ipfs/');
    if (isGateway) shareWithPages(res);
    const refuse = refuser(res);
    const { expect = CONTINUE } = req.headers;
    if (expect.toLowerCase() !== CONTINUE) {
      res.set('Connection', 'close');
      refuse(417, 'no other Expect than 100-continue is met here');
    } else if (!isSafe(req, exposure)) {
      refuse(403, 'without TLS this node answers its proxies alone; ask one of them');
    } else if (!isOwnHost(req)) {
      const host = JSON.stringify(req.headers.host ?? '');
      const names = exposure.publicUrl ?? 'localhost or 127.0.0.1';
      refuse(421, `this is no ${host}; ask for ${names}, or say publicUrl in ringfence.json`);
    } else if (isOthers && !isGateway) {
      refuse(403, 'pages of other origins may not read this archive');
    } else if (isGateway && !['GET', 'HEAD', 'OPTIONS'].includes(req.method)) {
      res.set('Allow', 'GET, HEAD, OPTIONS');
      refuse(405, `${req.method} is not answered here; only reading is`);
    } else {
      if (isOthers) foreign.add(req);
      next();
    }
  };
}

/** Returns what a middleware that looks at no request says in every answer. */
function headersOf(middleware: ReturnType<typeof helmet>): Map<string, string> {
  const said = new Map<string, string>();
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  response.setHeader = (name, value) => {
    said.set(name, String(value));
    return response;
  };
  middleware(request, response, () => {});
  return said;
}

/** Says whether the page of another origin asks. */
export function isForeign(req: Request): boolean {
  return foreign.has(req);
}

function refuser(res: Response) {
  return (status: number, text: string) =>
    sendProblem(res, new ArchiveError('input_invalid', text), status);
}

/** What other machines send comes by TLS, which the node does or one of its proxies. */
function isSafe({ socket }: Request, { tls, isProxy }: Exposure): boolean {
  const { remoteAddress = '' } = socket;
  return tls !== undefined || isLoopback(remoteAddress) || isProxy(remoteAddress);
}

/** Returns what says whether a request is to this node, by its public name or as it is reached. */
function hostTest({ publicUrl, tls }: Exposure): (req: Request) => boolean {
  const publicHost = publicUrl && new URL(publicUrl).host;
  const usual = tls === undefined ? 80 : 443;
  return ({ headers, rawHeaders, originalUrl, socket }) => {
    // Of several, programs before and behind this one may take different ones (RFC 9112 §3.2).
    if (!isNamedOnce('host', rawHeaders)) return false;
    const host = headers.host?.toLowerCase();
    // Whoever else reads the request may go by the host in its address.
    const [, named = host] = ABSOLUTE_FORM.exec(originalUrl) ?? [];
    if (named?.toLowerCase() !== host) return false;
    if (publicHost !== undefined && host === publicHost) return true;
    const { localPort, localAddress = '' } = socket;
    const address = plainAddress(localAddress);
    const own = address.includes(':') ? `[${address}]` : address;
    return ['localhost', '127.0.0.1', '[::1]', own].some(
      (name) => host === (localPort === usual ? name : `${name}:${localPort}`),
    );
  };
}

/** Says so of a header among names and values in turns. */
function isNamedOnce(name: string, rawHeaders: readonly string[]): boolean {
  let times = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === name) times += 1;
  }
  return times === 1;
}

function isOfOthers(req: Request, { publicUrl, tls }: Exposure): boolean {
  const { host = '', origin } = req.headers;
  if (!isOwnFetch(req)) return true;
  if (origin === undefined) return false;
  const isPublic = publicUrl !== undefined && new URL(publicUrl).host === host.toLowerCase();
  return origin !== (isPublic ? publicUrl : `${tls === undefined ? 'http' : 'https'}://${host}`);
}

/** Browsers say where a request comes from (Fetch Metadata Request Headers, W3C); other programs do not. */
function isOwnFetch({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return true;
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}
