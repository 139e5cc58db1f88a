import type { IncomingMessage, Server } from 'node:http';
import { hasBody } from './has-body.ts';

/** A request that has not come whole by then is let go, unless it is to make progress. */
const WHOLE_MS = 10_000;
/** So much comes in each such time of a request that is to make progress. */
const WINDOW_MS = 10_000;
const LEAST_BYTES = 16_384;

interface Cutter {
  timer: NodeJS.Timeout;
  readonly cut: () => void;
  /** Whether it is to make progress, and has made it so far. */
  isLong: boolean;
}

/** What ends a request whose body does not come. */
const cutters = new WeakMap<IncomingMessage, Cutter>();

/**
 * Has requests come whole in ten seconds. It stands in place of Node's own `requestTimeout`, which is the
 * same for all requests of a server, and ends them in the same way.
 */
export function limitBodies(server: Server): void {
  server.requestTimeout = 0;
  // Before whoever answers it demands progress.
  server.prependListener('request', (req: IncomingMessage) => {
    if (!hasBody(req)) return;
    const cut = () => {
      const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      if (!req.complete) server.emit('clientError', late, req.socket);
    };
    const cutter = { timer: setTimeout(cut, WHOLE_MS), cut, isLong: false };
    cutters.set(req, cutter);
    req.once('close', () => clearTimeout(cutter.timer));
  });
}

/**
 * Lets a request take as long as it likes, or this long, for as long as its body comes: 16 KiB in ten
 * seconds at the least, while it is waited for.
 */
export function demandProgress(req: IncomingMessage, withinMs = Number.POSITIVE_INFINITY): void {
  if (!hasBody(req)) return;
  const cutter = cutters.get(req);
  if (cutter === undefined) throw new Error('the server of this request does not limit bodies');
  let before = req.socket.bytesRead;
  let leftMs = withinMs;
  const look = () => {
    leftMs -= WINDOW_MS;
    const isWaiting = req.readableLength < req.readableHighWaterMark;
    const isSlow = isWaiting && req.socket.bytesRead - before < LEAST_BYTES;
    if (isSlow || leftMs <= 0) cutter.cut();
    before = req.socket.bytesRead;
  };
  clearTimeout(cutter.timer);
  cutter.isLong = true;
  cutter.timer = setInterval(look, WINDOW_MS);
  req.once('end', () => clearTimeout(cutter.timer));
}

/** Says whether a request may take as long as it likes, since its body comes. */
export function makesProgress(req: IncomingMessage): boolean {
  return cutters.get(req)?.isLong === true;
}

/** Reads past the rest of a request that comes to nothing; it has ten seconds to come. */
export function endProgress(req: IncomingMessage): void {
  const cutter = cutters.get(req);
  if (cutter === undefined || req.complete) return;
  req.resume();
  clearTimeout(cutter.timer);
  cutter.isLong = false;
  cutter.timer = setTimeout(cutter.cut, WHOLE_MS);
}
