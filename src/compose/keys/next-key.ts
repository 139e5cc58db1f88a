import { link, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { openHomeKey, openOrCreateKey } from '../../ledger/keys/home-key.ts';
import { beginTree } from '../../ledger/tables/copy-ledger.ts';
import { acquireOwnerLock } from '../../sqlite/owner-lock.ts';
import { exists, openHome } from '../home.ts';
import { type Environs, systemEnvirons } from '../system.ts';

/**
 * Makes the key that this home is to change to, and returns it; the same one if it was made before. The
 * home goes on with the one it has.
 *
 * @throws {ArchiveError} `home_missing`, `home_corrupt`, `disk_full`.
 */
export async function makeNextKey(home: string): Promise<Did> {
  await openHome(home);
  const { did } = await openOrCreateKey(nextKeyIn(home));
  return did;
}

/**
 * Changes the home to the key that {@link makeNextKey} made. Its log begins a new tree, as that of another
 * key; the old key is kept in `old-key.pem`. After a kill it can be called again.
 *
 * @throws {ArchiveError} `not_found` if no key was made, `home_locked` while a node runs,
 * `home_missing`, `home_corrupt`, `disk_full`.
 */
export async function useNextKey(
  home: string,
  { randomBytes }: Pick<Environs, 'randomBytes'> = systemEnvirons,
): Promise<{ readonly old: Did; readonly did: Did; readonly kept: string }> {
  const { key, ledger } = await openHome(home);
  using _owner = acquireOwnerLock(home);
  const next = nextKeyIn(home);
  if (!(await exists(next))) {
    throw new ArchiveError(
      'not_found',
      `${home} has no other key; make one with "ringfence key make"`,
    );
  }
  const { did } = await openHomeKey(next);
  const { did: old } = await openHomeKey(key);
  const kept = join(home, 'old-key.pem');
  await onFile(kept, async () => {
    await rm(kept, { force: true });
    await link(key, kept);
  });
  beginTree(ledger, randomBytes(16));
  await onFile(key, () => rename(next, key));
  return { old, did, kept };
}

function nextKeyIn(home: string): string {
  return join(home, 'next-key.pem');
}
