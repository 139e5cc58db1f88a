import { queryOptions, useQuery } from '@tanstack/react-query';
import createClient from 'openapi-fetch';
import type { paths } from '../../../.cache/web/described.d.ts';
import { didFromPublicKey } from '../../core/entries/did-key.ts';
import { type Identity, signInToken } from '../api/browser-key.ts';
import { queryClient } from '../api/query-client.ts';
import { onShelf } from '../api/shelf.ts';
import { offered } from './offer.ts';

/**
 * The key by which a maker signs here: no owner's, no member's, and known to a node only by what it signed
 * and by the stewards who vouch for it. It lives in this browser alone.
 */
export type MakerKey = Pick<Identity, 'key' | 'privateKey'>;

const NAME = 'maker';

const kept = queryOptions({
  queryKey: ['maker-key'],
  queryFn: async () =>
    (await onShelf<MakerKey | undefined>('keys', 'readonly', (shelf) => shelf.get(NAME))) ?? null,
  staleTime: Number.POSITIVE_INFINITY,
  networkMode: 'always',
});

/** Returns the key of this browser; null for none, undefined until it has looked. */
export function useMakerKey(): MakerKey | null | undefined {
  return useQuery(kept).data;
}

/** Makes a key. Throws where this browser makes or keeps none. */
export async function makeMakerKey(): Promise<void> {
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign']);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const bytes = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const made: MakerKey = { key: didFromPublicKey(bytes), privateKey };
  await onShelf('keys', 'readwrite', (shelf) => shelf.put(made, NAME));
  queryClient.setQueryData(kept.queryKey, made);
}

export async function forgetMakerKey(): Promise<void> {
  await onShelf('keys', 'readwrite', (shelf) => shelf.delete(NAME));
  queryClient.setQueryData(kept.queryKey, null);
  queryClient.removeQueries({ queryKey: ['maker'] });
}

/** Returns a token for the node as it is called now: its key may be another than when the maker's was made. */
export async function makerToken(key: MakerKey): Promise<string> {
  const { node } = await queryClient.ensureQueryData(offered);
  return signInToken({ ...key, node });
}

/** The node as the maker asks it, whoever else is signed in. */
export const asMaker = createClient<paths>({
  baseUrl: location.origin,
  fetch: async (request) => {
    const key = await queryClient.ensureQueryData(kept);
    if (key !== null) request.headers.set('authorization', `Bearer ${await makerToken(key)}`);
    return fetch(request);
  },
});
