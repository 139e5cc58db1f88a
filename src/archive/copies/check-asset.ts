import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import { childrenOf, type FilePart, isBlockDamage, wholeFile } from '../../core/unixfs/file-dag.ts';

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

/** Reads every block of an asset again; `onBlock` is awaited after each, so that reading can be slowed. */
export async function checkAsset(
  content: Pick<ContentStore, 'has' | 'getBlock'>,
  asset: { readonly cid: Cid; readonly size: number },
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onBlock?: ((byteLength: number) => Promise<void>) | undefined;
  } = {},
): Promise<CheckedAsset> {
  const damaged = new Map<Cid, FilePart>();
  let readBytes = 0;
  const stack: FilePart[] = [wholeFile(asset.cid, asset.size)];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    throwIfAborted(options.signal);
    try {
      const bytes = await content.getBlock(part.cid);
      readBytes += bytes.length;
      stack.push(...childrenOf(part, bytes).toReversed());
      await options.onBlock?.(bytes.length);
    } catch (error) {
      if (!isBlockDamage(error)) throw error;
      if (!damaged.has(part.cid)) damaged.set(part.cid, part);
    }
  }
  const isMissing = damaged.has(asset.cid) && !(await content.has(asset.cid));
  const outcome = isMissing ? 'missing' : damaged.size > 0 ? 'corrupt' : 'intact';
  const { cid, size } = asset;
  return { asset: cid, size, outcome, damaged: [...damaged.values()], readBytes };
}
