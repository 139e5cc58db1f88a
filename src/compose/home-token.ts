import { randomUUID } from 'node:crypto';
import type { Did } from '../core/entries/did-key.ts';
import { createToken } from '../http/token.ts';
import { openHomeKey } from '../ledger/home-key.ts';
import { openHome } from './home.ts';
import { type Environs, systemEnvirons } from './system.ts';

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
  const terms = { audience: audience ?? signer.did, now: clock(), id: randomUUID() };
  return createToken(signer, terms);
}
