import type { RequestHandler } from 'express';
import type { Log } from '../../core/ports/log.ts';
import { callerOf } from '../callers/sign-in.ts';
import type { Refused } from '../connections/refuse-unreadable.ts';
import { methodOf, routeOf } from './route-of.ts';

/** Asked for every few seconds by whoever watches the node. */
const PROBES = ['/healthz', '/readyz', '/metrics'];

/**
 * Logs each request when it has been answered, or its client has gone: its id, method, route, status,
 * milliseconds and the kind of its caller. Never its address or headers, which have secrets and people's
 * words in them, nor where it came from: whoever is limited for that is known to the limits alone. Probes are
 * logged where they fail.
 */
export function logRequests(log: Log): RequestHandler {
  return (req, res, next) => {
    const started = performance.now();
    res.once('close', () => {
      const route = routeOf(req);
      const { statusCode: status } = res;
      if (PROBES.includes(route) && status < 400) return;
      const method = methodOf(req);
      const isWhole = res.writableFinished;
      log({
        level: status >= 500 ? 'warning' : 'note',
        event: 'request',
        text: `${method} ${route} ${isWhole ? 'answered with' : 'cut off after'} ${status}`,
        details: {
          request: res.get('X-Request-Id') ?? null,
          method,
          route,
          status,
          ms: Math.round(performance.now() - started),
          caller: callerOf(req).kind,
          isWhole,
        },
      });
    });
    next();
  };
}

/** Logs what could not be read as a request, and was refused, likewise. */
export function logRefused(log: Log): (refused: Refused) => void {
  return ({ requestId: request, status }) => {
    log({
      level: 'note',
      event: 'request',
      text: `what is no request answered with ${status}`,
      details: { request, method: 'other', route: 'none', status, caller: 'anonymous' },
    });
  };
}
