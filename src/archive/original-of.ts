import type { Cid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Original } from '../core/ports/rendering.ts';
import type { Archive } from './archive.ts';

/**
 * Returns the bytes of a known asset for a program that shows or converts them.
 *
 * @throws {ArchiveError} `block_missing` if they are not here, `not_found` for an asset without a deposit,
 * `content_removed`.
 */
export async function originalOf(
  asset: Cid,
  { catalog, content }: Pick<Archive, 'catalog' | 'content'>,
  signal?: AbortSignal,
): Promise<Original> {
  const known = catalog.asset(asset);
  if (known === undefined) throw new ArchiveError('not_found', `nothing is known of ${asset}`);
  if (known.status === 'removed') {
    throw new ArchiveError('content_removed', `${asset} was removed; nobody is given its bytes`);
  }
  if (!(await content.has(asset))) {
    throw new ArchiveError(
      'block_missing',
      `the bytes of ${asset} are not here; get them with "replicate"`,
    );
  }
  const options = signal === undefined ? {} : { signal };
  const { size, mediaType } = known;
  return { size, mediaType, read: () => content.read(asset, options) };
}
