import type { Cid } from '../../core/cid.ts';
import type { Archive } from '../archive.ts';

/**
 * Returns the removed asset that a block is, or is a part of; undefined where a file that stays has the block as
 * well. Parts are known of assets that were here; of others the root alone.
 */
export function removedWith(
  block: Cid,
  { catalog, content }: Pick<Archive, 'catalog' | 'content'>,
): Cid | undefined {
  const isRemoved = (root: Cid) => catalog.access(root)?.status === 'removed';
  const roots = [block, ...content.filesWith(block)];
  if (roots.some((root) => content.isRoot(root) && !isRemoved(root))) return undefined;
  return roots.find(isRemoved);
}
