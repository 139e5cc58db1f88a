import { useSyncExternalStore } from 'react';
import { forget, type Identity, known, signIn, signInToken, urlToken } from './browser-key.ts';

/** What is known of who sits here: undefined until the browser has looked, null for nobody. */
let current: Identity | null | undefined;
const listeners = new Set<() => void>();

/** Whether the node has ended a sign-in that nobody gave up here. */
let isOver = false;

/** Tells the other tabs who sits here from now on: they go on with the same key, or with none. */
const tabs = new BroadcastChannel('ringfence-sign-in');
tabs.onmessage = () => void follow();

/** A sign-in token is signed anew after this time, well before it ends. */
const TOKEN_MS = 240_000;

/** What opens assets for reading to a picture, which sends no header: for a day, and another after half of it. */
const READING = { path: '/api/v1/assets', lifeS: 86_400, renewedMs: 43_200_000 } as const;

let reading: string | undefined;
let renewing: ReturnType<typeof setInterval> | undefined;

let token: { readonly made: number; readonly text: Promise<string> } | undefined;

/** Looks once at what the browser has kept. */
export async function recall(): Promise<void> {
  await become((await known()) ?? null);
}

export function useIdentity(): Identity | null | undefined {
  return useSyncExternalStore(listen, () => current);
}

/** Whether somebody is signed in; `over` where the node has ended it and nobody has signed in since. */
export function useSignIn(): 'in' | 'over' | 'none' {
  return useSyncExternalStore(listen, () => (current ? 'in' : isOver ? 'over' : 'none'));
}

/** Returns the token of a signed URL below `/api/v1/assets`; undefined for nobody, who reads what is public. */
export function useReadingToken(): string | undefined {
  return useSyncExternalStore(listen, () => reading);
}

export async function bring(link: string): Promise<void> {
  await become(await signIn(link));
  tabs.postMessage('signed in');
}

export async function leave(): Promise<void> {
  await end(false);
  tabs.postMessage('signed out');
}

/** Returns the header that signs a request in; undefined for nobody. */
export async function authorization(): Promise<string | undefined> {
  if (!current) return undefined;
  if (token === undefined || Date.now() - token.made > TOKEN_MS) {
    token = { made: Date.now(), text: signInToken(current) };
  }
  return `Bearer ${await token.text}`;
}

/** Does a request as whoever is signed in, or as nobody. */
export async function signedFetch(request: Request): Promise<Response> {
  const asker = current;
  const header = await authorization();
  if (header !== undefined) request.headers.set('authorization', header);
  const response = await fetch(request);
  // A key that signs in nobody any more: removed, or past its time; not one that came meanwhile.
  if (response.status === 401 && asker && asker.key === current?.key) {
    await end(true);
  }
  return response;
}

async function end(byNode: boolean): Promise<void> {
  // First: no page may see that nobody is signed in before it knows why.
  isOver = byNode;
  await forget();
  await become(null);
}

async function follow(): Promise<void> {
  const next = await known();
  if (!next) isOver = false;
  await become(next ?? null);
}

async function become(next: Identity | null): Promise<void> {
  clearInterval(renewing);
  const sign = async () => next && (await urlToken(next, READING.path, READING.lifeS));
  reading = (await sign()) ?? undefined;
  current = next;
  token = undefined;
  if (next) isOver = false;
  if (next) renewing = setInterval(() => void sign().then(renew), READING.renewedMs);
  tell();
}

function renew(signed: string | null): void {
  reading = signed ?? undefined;
  tell();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
