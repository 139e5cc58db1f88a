import type { Cid } from '../core/cid.ts';
import { parseCid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Catalog } from '../core/ports/catalog.ts';

/**
 * Returns the CID in `text` if the archive knows that asset.
 *
 * @throws {ArchiveError} `input_invalid` if it is no CID, `not_found` if no asset has it.
 */
export function knownAsset(text: string, catalog: Pick<Catalog, 'has'>): Cid {
  const cid = parseCid(text);
  if (!catalog.has(cid)) {
    throw new ArchiveError('not_found', `no asset ${cid} is in this archive; "list" shows what is`);
  }
  return cid;
}
