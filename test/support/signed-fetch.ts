import { homeToken } from '../../src/compose/home-token.ts';

/** Returns a `fetch` that is signed in as the owner of a home. */
export async function signedFetch(home: string): Promise<typeof fetch> {
  const authorization = `Bearer ${await homeToken(home)}`;
  return (url, init) => fetch(url, { ...init, headers: { authorization, ...init?.headers } });
}
