import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import { childrenOf, type FilePart, isBlockDamage, wholeFile } from '../../core/unixfs/file-dag.ts';

/**
 * Returns up to `limit` parts of an asset that are not here, or not as they should be, in the order
 * of its DAG. Reads the nodes that are here, no leaf.
 */
export async function lackingParts(
  content: Pick<ContentStore, 'has' | 'getBlock'>,
  asset: { readonly root: Cid; readonly size: number },
  limit: number,
): Promise<{ readonly parts: readonly FilePart[]; readonly hasDamage: boolean }> {
  const parts: FilePart[] = [];
  const seen = new Set<Cid>();
  let hasDamage = false;
  const stack: FilePart[] = [wholeFile(asset.root, asset.size)];
  for (let part = stack.pop(); part !== undefined && parts.length < limit; part = stack.pop()) {
    const isHere = await content.has(part.cid);
    if (isHere && codecOf(part.cid) === CODEC.raw) continue;
    const node = isHere ? await soundBlock(content, part.cid) : undefined;
    if (node !== undefined) stack.push(...childrenOf(part, node).toReversed());
    else if (!seen.has(part.cid)) {
      hasDamage ||= isHere;
      seen.add(part.cid);
      parts.push(part);
    }
  }
  return { parts, hasDamage };
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
