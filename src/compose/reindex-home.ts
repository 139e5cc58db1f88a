import { rebuildCatalog } from '../catalog/rebuild-catalog.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { acquireOwnerLock } from '../sqlite/owner-lock.ts';
import { openHome } from './home.ts';
import { type Environs, systemEnvirons } from './system.ts';

/**
 * Rebuilds the catalog of a home from its ledger, beside the old one, and puts it in its place.
 *
 * @throws {ArchiveError} as `openStores`; the old catalog stays then.
 */
export async function reindexHome(
  home: string,
  environs: Environs = systemEnvirons,
): Promise<{ readonly entries: number }> {
  const paths = await openHome(home);
  using _owner = acquireOwnerLock(home);
  await using ledger = await openLedger({ path: paths.ledger, keyPath: paths.key, ...environs });
  return { entries: await rebuildCatalog({ path: paths.catalog, ledger }) };
}
