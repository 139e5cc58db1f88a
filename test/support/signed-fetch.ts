import { homeToken } from '../../src/compose/keys/home-token.ts';
import { type Environs, systemEnvirons } from '../../src/compose/system.ts';

/** Returns a `fetch` that is signed in as the owner of a home. */
export async function signedFetch(
  home: string,
  environs: Pick<Environs, 'clock'> = systemEnvirons,
): Promise<typeof fetch> {
  const authorization = `Bearer ${await homeToken(home, undefined, environs)}`;
  return (url, init) => fetch(url, { ...init, headers: { authorization, ...init?.headers } });
}
