import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import type { AssetView } from '../../core/ports/asset-views.ts';
import type { Archive } from '../archive.ts';
import { knownAsset } from '../known-assets.ts';
import { assetView } from './answers/asset.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

/** Gives what is known of one asset. */
export const showAsset = createOperation({
  name: 'show',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: assetView,
  run: async (archive, { asset }) => viewOf(asset, archive),
});

/** @throws {ArchiveError} `input_invalid`, `not_found`. */
async function viewOf(
  text: string,
  { catalog, content }: Pick<Archive, 'catalog' | 'content'>,
): Promise<AssetView> {
  const known = catalog.asset(knownAsset(text, catalog));
  if (known === undefined) {
    throw new ArchiveError('internal', `${text} is listed and has no row; run "reindex"`);
  }
  // Only a deposit says how large an asset is; of a registered one the stored bytes know it.
  const stored = known.deposits.length === 0 ? await content.stat(known.cid) : undefined;
  return stored === undefined ? known : { ...known, size: stored.size };
}
