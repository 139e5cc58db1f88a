import type { Request } from 'express';

/**
 * Returns the pattern that a request was answered by, such as `/ipfs/*path`; `none` where nothing was. It
 * is the whole pattern, since no router with routes is mounted at a path; of several, all with commas.
 */
export function routeOf({ route }: Request): string {
  return route === undefined ? 'none' : String(route.path);
}

/** Returns a method that servers know, or `other`: it is the caller's word. */
export function methodOf({ method }: Request): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method)
    ? method
    : 'other';
}
