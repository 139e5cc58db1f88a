import { useSyncExternalStore } from 'react';
import { forget, type Identity, known, signIn, signInToken } from './browser-key.ts';

/** What is known of who sits here: undefined until the browser has looked, null for nobody. */
let current: Identity | null | undefined;
const listeners = new Set<() => void>();

/** A sign-in token is signed anew after this time, well before it ends. */
const TOKEN_MS = 240_000;

let token: { readonly made: number; readonly text: Promise<string> } | undefined;

/** Looks once at what the browser has kept. */
export async function recall(): Promise<void> {
  become((await known()) ?? null);
}

export function useIdentity(): Identity | null | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

export async function bring(link: string): Promise<void> {
  become(await signIn(link));
}

export async function leave(): Promise<void> {
  await forget();
  become(null);
}

/** Does a request as whoever is signed in, or as nobody. */
export async function signedFetch(request: Request): Promise<Response> {
  if (current) {
    if (token === undefined || Date.now() - token.made > TOKEN_MS) {
      token = { made: Date.now(), text: signInToken(current) };
    }
    request.headers.set('authorization', `Bearer ${await token.text}`);
  }
  const response = await fetch(request);
  // A key that signs in nobody any more: removed, or past its time.
  if (response.status === 401 && current) await leave();
  return response;
}

function become(next: Identity | null): void {
  current = next;
  token = undefined;
  for (const listener of listeners) listener();
}
