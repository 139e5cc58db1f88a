import type { Response } from 'express';

/** What browsers let a page of another origin read beside the few headers that they always do. */
const EXPOSED = [
  ...['Content-Length', 'Content-Range', 'X-Chunked-Output', 'X-Ipfs-Path', 'X-Ipfs-Roots'],
  ...['X-Stream-Output', 'Ipfs-Uri', 'ETag', 'Retry-After', 'X-Request-Id'],
  ...['TDM-Reservation', 'Content-Usage', 'Content-Signal'],
];

/** Headers that such a page may send: those of other gateways, and those that caches ask with. */
const ALLOWED = [
  ...['Content-Type', 'Range', 'User-Agent', 'X-Requested-With'],
  ...['Cache-Control', 'If-None-Match', 'If-Range'],
];

/** Cross-origin resource sharing (Fetch Standard §3.2); no credentials go with it. */
const SHARED = new Map([
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS'],
  ['Access-Control-Allow-Headers', ALLOWED.join(', ')],
  ['Access-Control-Expose-Headers', EXPOSED.join(', ')],
]);

/**
 * Lets pages of other origins read an answer, also one that says what is wrong: without leave they learn
 * nothing but that it failed. They are answered what anybody would be.
 */
export function shareWithPages(res: Response): void {
  res.setHeaders(SHARED).set('Cross-Origin-Resource-Policy', 'cross-origin');
}

/** Takes that leave back, for what not everybody may read. */
export function keepFromPages(res: Response): void {
  for (const name of SHARED.keys()) res.removeHeader(name);
  res.set('Cross-Origin-Resource-Policy', 'same-origin');
}
