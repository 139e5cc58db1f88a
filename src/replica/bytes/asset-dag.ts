import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import { decodeFileNode, type FileLink } from '../../core/unixfs/file-node.ts';

/** A block of an asset, with the size that its parent says its file has. */
export interface Part {
  readonly cid: Cid;
  readonly fileSize: number;
  readonly depth: number;
}

/** As deep as a file is read. */
const MAX_DEPTH = 32;

/**
 * Returns what a block of a file links to, each once, after checking that it is what its parent says.
 *
 * @throws {ArchiveError} `input_invalid` if it is no block of a file, or of another size.
 */
export function childrenOf({ cid, fileSize, depth }: Part, bytes: Uint8Array): readonly Part[] {
  if (codecOf(cid) === CODEC.raw) {
    assertSize(cid, bytes.length, fileSize);
    return [];
  }
  if (codecOf(cid) !== CODEC.dagPb || depth > MAX_DEPTH) {
    throw new ArchiveError('input_invalid', `${cid} is no block of a file`);
  }
  const node = decodeFileNode(bytes);
  assertSize(cid, node.fileSize, fileSize);
  return distinct(node.children).map((child) => {
    return { cid: child.cid, fileSize: child.fileSize, depth: depth + 1 };
  });
}

/**
 * Returns up to `limit` parts of an asset that are not here, or not as they should be, in the order
 * of its DAG. Reads the nodes that are here, no leaf.
 */
export async function lackingParts(
  content: Pick<ContentStore, 'has' | 'getBlock'>,
  asset: { readonly root: Cid; readonly size: number },
  limit: number,
): Promise<{ readonly parts: readonly Part[]; readonly hasDamage: boolean }> {
  const parts: Part[] = [];
  const seen = new Set<Cid>();
  let hasDamage = false;
  const stack: Part[] = [{ cid: asset.root, fileSize: asset.size, depth: 0 }];
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
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** Says whether the error says that a block cannot be had from here. */
export function isDamage(error: unknown): error is ArchiveError {
  const isOurs = error instanceof ArchiveError;
  return isOurs && ['block_missing', 'block_corrupt', 'home_corrupt'].includes(error.code);
}

function distinct(children: readonly FileLink[]): readonly FileLink[] {
  const seen = new Set<Cid>();
  return children.filter(({ cid }) => !seen.has(cid) && seen.add(cid));
}

function assertSize(cid: Cid, actual: number, said: number): void {
  if (actual === said) return;
  throw new ArchiveError('input_invalid', `${cid} has ${actual} bytes, not ${said} as was said`);
}
