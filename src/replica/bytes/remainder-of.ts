import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import { type FilePart, isBlockDamage, type SentTree } from '../../core/unixfs/file-dag.ts';

/** What of an asset is still to come. */
export interface Remainder {
  /** How many blocks go before it in the order of the DAG. */
  readonly from: number;
  /** The next block, and those that are known behind it; none if the asset is here as a whole. */
  readonly parts: readonly FilePart[];
  /** The next block is here, and not as it should be. */
  readonly isDamaged: boolean;
}

/**
 * Returns what of an asset, or of a release, is still to come. What did not come as part of it is not here, though the
 * block be stored: else whoever makes up a node that links to other people's blocks had them without
 * ever sending one. Reads nodes, no leaf.
 *
 * @throws {ArchiveError} `input_invalid` if it is no file, or another one than was said.
 */
export async function remainderOf(
  content: Pick<ContentStore, 'has' | 'getBlock' | 'isRoot' | 'receivedOf'>,
  tree: SentTree,
): Promise<Remainder> {
  const { cid: root } = tree.top;
  const received = content.isRoot(root) ? Number.POSITIVE_INFINITY : content.receivedOf(root);
  const stack: FilePart[] = [tree.top];
  let from = 0;
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    const isHere = from < received && (await content.has(part.cid));
    const isLeaf = codecOf(part.cid) === CODEC.raw;
    const node = isHere && !isLeaf ? await soundBlock(content, part.cid) : undefined;
    if (!isHere || (!isLeaf && node === undefined)) {
      return { from, parts: [part, ...stack.toReversed()], isDamaged: isHere };
    }
    if (node !== undefined) stack.push(...tree.childrenOf(part, node).toReversed());
    from += 1;
  }
  return { from, parts: [], isDamaged: false };
}

async function soundBlock(
  content: Pick<ContentStore, 'getBlock'>,
  cid: Cid,
): Promise<Uint8Array | undefined> {
  try {
    return await content.getBlock(cid);
  } catch (error) {
    if (isBlockDamage(error)) return undefined;
    throw error;
  }
}
