import { useEffect, useState } from 'react';
import { urlToken } from './browser-key.ts';
import { Refusal } from './client.ts';
import { signedFetch, useIdentity, useReadingToken } from './identity.ts';

/** Long enough for a film. */
const URL_LIFE_S = 4 * 3600;

/**
 * Returns the address of an asset's own bytes, signed by whoever is signed in, for elements that carry no
 * headers of their own (`audio`, `video`, `img`, a link). What lies there shows itself in a sandbox.
 */
export function useBytesUrl(cid: string, more = ''): string | undefined {
  const identity = useIdentity();
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    let isGone = false;
    const path = `/ipfs/${cid}`;
    const named = (query: string) => {
      const whole = [query, more].filter((part) => part !== '').join('&');
      if (!isGone) setAddress(whole === '' ? path : `${path}?${whole}`);
    };
    if (identity === null) named('');
    else if (identity !== undefined) {
      void urlToken(identity, path, URL_LIFE_S).then((token) => named(`signed=${token}`));
    }
    return () => {
      isGone = true;
    };
  }, [cid, identity, more]);
  return address;
}

/** Returns the address of what the node makes of an asset to show it at a glance. */
export function usePreviewUrl(cid: string): string {
  const token = useReadingToken();
  return `/api/v1/assets/${cid}/preview${token === undefined ? '' : `?signed=${token}`}`;
}

/** Reads the first bytes of an asset, as whoever is signed in. Throws a {@link Refusal}. */
export async function firstBytes(
  cid: string,
  most: number,
  signal?: AbortSignal,
): Promise<{ readonly bytes: ArrayBuffer; readonly isAll: boolean }> {
  const headers = { range: `bytes=0-${most - 1}` };
  const request = new Request(`/ipfs/${cid}`, { headers, ...(signal ? { signal } : {}) });
  const response = await signedFetch(request);
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => ({})));
  const bytes = await response.arrayBuffer();
  const [, size] = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  return { bytes, isAll: size === undefined || Number(size) <= bytes.byteLength };
}
