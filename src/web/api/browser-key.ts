/**
 * The key by which this browser signs for the owner of a node. WebCrypto makes it so that no script can
 * read it out; IndexedDB keeps it, for this origin alone.
 */

import { onShelf } from './shelf.ts';

const NAME = 'owner';
const TOKEN_LIFE_S = 300;

/** Who this browser is to a node, from its sign-in until its time is over. */
export interface Identity {
  /** A did:key. */
  readonly key: string;
  /** The key of the node that it signs for. */
  readonly node: string;
  /** RFC 3339. */
  readonly until: string;
  readonly privateKey: CryptoKey;
}

/** Makes a key and signs it in with the secret of a link. Throws what the node says where it is refused. */
export async function signIn(link: string): Promise<Identity> {
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign']);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const { x } = await crypto.subtle.exportKey('jwk', publicKey);
  // A browser that keeps nothing is to find out before the link is used up.
  await onShelf('keys', 'readonly', (shelf) => shelf.count());
  const response = await fetch('/api/v1/browsers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link, key: x }),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? `the answer was ${response.status}`);
  const identity: Identity = { privateKey, ...answer };
  await onShelf('keys', 'readwrite', (shelf) => shelf.put(identity, NAME));
  return identity;
}

/** Returns who this browser is; undefined for nobody. */
export function known(): Promise<Identity | undefined> {
  return onShelf<Identity | undefined>('keys', 'readonly', (shelf) => shelf.get(NAME));
}

export async function forget(): Promise<void> {
  await onShelf('keys', 'readwrite', (shelf) => shelf.delete(NAME));
}

/** Returns a JWT (RFC 7519, EdDSA) that signs a request in for five minutes. */
export function signInToken(
  identity: Pick<Identity, 'privateKey' | 'key' | 'node'>,
): Promise<string> {
  return tokenOf(identity, 'JWT', TOKEN_LIFE_S, {});
}

/** Returns a token that opens one path of the node, and what is below it, for reading. */
export function urlToken(identity: Identity, path: string, lifeS: number): Promise<string> {
  return tokenOf(identity, 'url+jwt', lifeS, { path });
}

async function tokenOf(
  { privateKey, key, node }: Pick<Identity, 'privateKey' | 'key' | 'node'>,
  typ: string,
  lifeS: number,
  more: Readonly<Record<string, string>>,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: key, aud: node, iat, exp: iat + lifeS, jti: crypto.randomUUID(), ...more };
  const signed = [{ alg: 'EdDSA', typ }, claims].map(encoded).join('.');
  const bytes = new TextEncoder().encode(signed);
  const signature = await crypto.subtle.sign('Ed25519', privateKey, bytes);
  return `${signed}.${base64url(String.fromCharCode(...new Uint8Array(signature)))}`;
}

function encoded(part: object): string {
  return base64url(JSON.stringify(part));
}

function base64url(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
