/**
 * The key by which this browser signs for the owner of a node. WebCrypto makes it so that no script can
 * read it out; IndexedDB keeps it, for this origin alone.
 */

const SHELF = 'keys';
const NAME = 'owner';
const LIFE_S = 300;

/** Makes a key and signs it in with the secret of a link. Throws what the node says where it is refused. */
export async function signIn(link) {
  const { privateKey, publicKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', publicKey);
  // A browser that keeps nothing is to find out before the link is used up.
  await onShelf('readonly', (shelf) => shelf.count());
  const response = await fetch('/api/v1/browsers', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link, key: x }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  await onShelf('readwrite', (shelf) => shelf.put({ privateKey, ...answer }, NAME));
}

/** Returns who this browser is: `key`, `node`, `until` and its private key; undefined for nobody. */
export function known() {
  return onShelf('readonly', (shelf) => shelf.get(NAME));
}

export function forget() {
  return onShelf('readwrite', (shelf) => shelf.delete(NAME));
}

/** Returns the answer to a request that is signed for the owner. */
export async function signedFetch(identity, path, init) {
  const authorization = `Bearer ${await tokenOf(identity, Date.now())}`;
  return fetch(path, { ...init, headers: { ...init?.headers, authorization } });
}

/** Returns a JWT (RFC 7519, EdDSA) that lives for five minutes. */
export async function tokenOf({ privateKey, key, node }, now) {
  const iat = Math.floor(now / 1000);
  const claims = { iss: key, aud: node, iat, exp: iat + LIFE_S, jti: crypto.randomUUID() };
  const signed = [{ alg: 'EdDSA', typ: 'JWT' }, claims].map(encoded).join('.');
  const bytes = new TextEncoder().encode(signed);
  const signature = await crypto.subtle.sign('Ed25519', privateKey, bytes);
  return `${signed}.${base64url(String.fromCharCode(...new Uint8Array(signature)))}`;
}

function encoded(part) {
  return base64url(JSON.stringify(part));
}

function base64url(text) {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Does one thing with what is kept; resolves with its result when that is kept. */
async function onShelf(mode, work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(SHELF, mode);
      const request = work(transaction.objectStore(SHELF));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('ringfence', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(SHELF);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
