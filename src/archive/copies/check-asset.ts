import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import {
  type FilePart,
  fileTree,
  isBlockDamage,
  type SentTree,
} from '../../core/unixfs/file-dag.ts';

/** What a check of one asset's stored blocks has found. */
export interface CheckedAsset {
  readonly asset: Cid;
  readonly size: number;
  /** `missing`: nothing of it is here. */
  readonly outcome: 'intact' | 'corrupt' | 'missing';
  /** Blocks that are damaged or gone, in the order of its DAG, each once. */
  readonly damaged: readonly FilePart[];
  readonly readBytes: number;
}

/** What is read: an asset, or a release without its assets, some of whose blocks may be destroyed for good. */
export interface StoredTree {
  readonly cid: Cid;
  readonly size: number;
  readonly tree?: SentTree;
}

/**
 * Reads every block of an asset again, or of a release; `onBlock` is awaited after each, so that reading can be
 * slowed. Of a release a block that is not here is no damage: it held words that were erased.
 */
export async function checkAsset(
  content: Pick<ContentStore, 'has' | 'getBlock'>,
  { cid, size, tree }: StoredTree,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onBlock?: ((byteLength: number) => Promise<void>) | undefined;
  } = {},
): Promise<CheckedAsset> {
  const damaged = new Map<Cid, FilePart>();
  let readBytes = 0;
  const { top, childrenOf } = tree ?? fileTree(cid, size);
  const stack: FilePart[] = [top];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    throwIfAborted(options.signal);
    try {
      const bytes = await content.getBlock(part.cid);
      readBytes += bytes.length;
      stack.push(...childrenOf(part, bytes).toReversed());
      await options.onBlock?.(bytes.length);
    } catch (error) {
      if (!isBlockDamage(error)) throw error;
      if (tree !== undefined && !(await content.has(part.cid))) continue;
      if (!damaged.has(part.cid)) damaged.set(part.cid, part);
    }
  }
  const isMissing = damaged.has(cid) && !(await content.has(cid));
  const outcome = isMissing ? 'missing' : damaged.size > 0 ? 'corrupt' : 'intact';
  return { asset: cid, size, outcome, damaged: [...damaged.values()], readBytes };
}
