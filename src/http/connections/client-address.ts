import { isIP } from 'node:net';
import type { Request } from 'express';
import { addressTest, isLoopback, plainAddress } from './listen-address.ts';

/** Networks of those who run them (RFC 1918, RFC 4193), and what no router hands on. */
const isPrivate = addressTest([
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'],
  ...['fc00::/7', 'fe80::/10'],
]);

/** Returns where a request comes from, as its proxy says; the proxy's own where it says no address. */
export function clientAddress({ ip = '', socket }: Request): string {
  return plainAddress(isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip);
}

/**
 * Says whether a program on this machine asks. What a proxy hands on is never that, whatever it says: for
 * one that ends a tunnel, all who come through it are on its own machine.
 */
export function isFromHere({ headers, socket }: Request): boolean {
  return headers['x-forwarded-for'] === undefined && isLoopback(socket.remoteAddress ?? '');
}

/** Says whether a request comes from this machine or a private network, as far as that is known. */
export function isFromNearby(req: Request): boolean {
  return isFromHere(req) || isPrivate?.(req.ip ?? '') === true;
}
