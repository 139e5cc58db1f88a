import type { Request } from 'express';

/** Returns the pattern that a request was answered by, such as `/ipfs/*path`; `none` where nothing was. */
export function routeOf({ route }: Request): string {
  return typeof route?.path === 'string' ? route.path : 'none';
}

/** Returns a method that servers know, or `other`: it is the caller's word. */
export function methodOf({ method }: Request): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method)
    ? method
    : 'other';
}
