import { randomUUID } from 'node:crypto';
import type { Did } from '../../core/entries/did-key.ts';
import { signUrl } from '../../http/callers/signed-url.ts';
import { createToken } from '../../http/callers/token.ts';
import { openHomeKey } from '../../ledger/keys/home-key.ts';
import { openHome } from '../home.ts';
import { type Environs, systemEnvirons } from '../system.ts';

/**
 * Returns a token by which this home's key signs in, at its own node or at another.
 *
 * @throws {ArchiveError} `home_missing`, `home_corrupt`.
 */
export async function homeToken(
  home: string,
  audience?: Did,
  { clock }: Pick<Environs, 'clock'> = systemEnvirons,
): Promise<string> {
  const signer = await openHomeKey((await openHome(home)).key);
  return createToken(signer, {
    audience: audience ?? signer.did,
    now: clock(),
    id: randomUUID(),
  });
}

/**
 * Returns a path with a token by which this home's key opens it, at its own node or at another.
 *
 * @throws {ArchiveError} as {@link homeToken}; `usage_invalid` for what cannot be signed.
 */
export async function homeUrl(
  home: string,
  { path, lifeS, audience }: { path: string; lifeS: number; audience?: Did | undefined },
  { clock }: Pick<Environs, 'clock'> = systemEnvirons,
): Promise<string> {
  const signer = await openHomeKey((await openHome(home)).key);
  const terms = { audience: audience ?? signer.did, now: clock(), id: randomUUID(), lifeS };
  return signUrl(path, signer, terms);
}
