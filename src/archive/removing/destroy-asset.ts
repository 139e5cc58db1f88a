import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { childrenOf, type FilePart, wholeFile } from '../../core/unixfs/file-dag.ts';

/**
 * Destroys the blocks of an asset and returns how many there were, but for those of which another file is made
 * that stays: an asset, or a release where they stand between its assets. Releases that hold the asset have a hole.
 * From the leaves up, so that what a kill leaves over is found again from the root.
 *
 * @throws {ArchiveError} `block_corrupt`, `home_corrupt` where a node of the file cannot be read, and so not
 * what is below it; `disk_full`, `aborted`.
 */
export async function destroyAsset(
  asset: Cid,
  isGoing: (root: Cid) => boolean,
  content: ContentStore,
): Promise<number> {
  const isStaying = (root: Cid) => !isGoing(root) && content.isRoot(root);
  const isShared = (cid: Cid) => isStaying(cid) || content.isInFile(cid, isStaying);
  const turn = takeTurns();
  let destroyed = 0;
  for (const level of (await levelsOf(asset, content)).toReversed()) {
    const alone: Cid[] = [];
    for (const cid of level) {
      await turn();
      if (!isShared(cid)) alone.push(cid);
    }
    destroyed += await content.destroy(alone);
  }
  return destroyed;
}

/** Returns the blocks of a file by how far they are from its root, each once. */
async function levelsOf(asset: Cid, content: ContentStore): Promise<readonly (readonly Cid[])[]> {
  const size = (await content.stat(asset))?.size;
  const levels: Cid[][] = [];
  const seen = new Set<Cid>();
  const stack: FilePart[] = size === undefined ? [] : [wholeFile(asset, size)];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (seen.has(part.cid)) continue;
    seen.add(part.cid);
    levels[part.depth] ??= [];
    levels[part.depth]?.push(part.cid);
    if (codecOf(part.cid) !== CODEC.raw) stack.push(...(await childrenHere(part, content)));
  }
  return levels;
}

/** A node that is gone is one that an earlier call has destroyed, after all that was below it. */
async function childrenHere(part: FilePart, content: ContentStore): Promise<readonly FilePart[]> {
  try {
    return childrenOf(part, await content.getBlock(part.cid));
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'block_missing') return [];
    throw error;
  }
}
