import type { Cid } from '../../core/cid.ts';
import { concatBytes } from '../../core/hash.ts';
import type { WithheldShard } from '../../core/ports/release.ts';
import {
  encodeFileNode,
  encodeLeaf,
  type FileBlock,
  type FileLink,
  toLink,
} from '../../core/unixfs/file-node.ts';
import { createFileTree } from '../../core/unixfs/file-tree.ts';
import { digest } from '../digest.ts';
import type { ReleaseContent } from '../release-content.ts';
import { EMPTY_ASSET } from './read-shard.ts';
import { brokenShard, readGlue, splitGlue } from './sample-glue.ts';
import { groupsOf } from './shard-groups.ts';
import { tarSize } from './tar-header.ts';

/**
 * Composes a shard again without some of its samples, stores the blocks that are new, and returns what it
 * is then and which of them it had. The same shard without the same samples is the same anywhere.
 *
 * Nodes stay as they are but for the one that held the sample (or two, where the glue behind it is in the
 * next), the last one, which ends the tar, and the root: some 50 KB for one sample. Nodes are read, and
 * the glue of those that change; no asset is.
 *
 * @throws {ArchiveError} `release_invalid`, `input_invalid`, `block_missing`, `block_corrupt`.
 */
export async function withholdSamples(
  shard: { readonly cid: Cid; readonly size: number; readonly samples: number },
  withheld: ReadonlySet<Cid>,
  content: Pick<ReleaseContent, 'getBlock' | 'putBlock'>,
): Promise<WithheldShard> {
  const sieve = createSieve(withheld, content);
  const tree = createFileTree({ sha256: digest });
  const nodes: FileBlock[] = [];
  const isAnywhere = withheld.has(EMPTY_ASSET);
  for await (const group of groupsOf(shard, withheld, content)) {
    const { link, isLast } = group;
    const isTouched = isAnywhere || group.isTouched;
    if (!isTouched && !sieve.isOpen && !(isLast && sieve.left.length > 0)) {
      sieve.pass(link);
      nodes.push(...tree.add(link));
      continue;
    }
    const kept = await sieve.sift(group.children());
    if (kept.length === 0) continue;
    const node = encodeFileNode(kept, digest);
    nodes.push(node, ...tree.add(node));
  }
  const { cid, size, samples } = shard;
  if (sieve.left.length === 0) return { cid, size, samples, withheld: [] };
  const { root, blocks } = tree.finish();
  const added = [...sieve.glue, ...nodes, ...blocks];
  await Promise.all(added.map((block) => content.putBlock(block.cid, block.bytes)));
  const left = sieve.left;
  return { cid: root.cid, size: root.fileSize, samples: samples - left.length, withheld: left };
}

/** Goes through a shard from front to back and leaves samples out. */
function createSieve(withheld: ReadonlySet<Cid>, content: Pick<ReleaseContent, 'getBlock'>) {
  const glue: FileBlock[] = [];
  const left: Cid[] = [];
  /** What follows the last sample that stays, as long as no glue has taken it up. */
  let lead: Uint8Array = new Uint8Array(0);
  let isKept = true;
  /** Bytes of the shard, and of the new one, before the place that is looked at. */
  let read = 0;
  let placed = 0;

  async function siftGlue(link: FileLink, kept: FileLink[]): Promise<Cid | undefined> {
    const { trailer, rest, isEnd } = splitGlue(await content.getBlock(link.cid), read);
    const isSame = isKept && lead.length === 0 && !isEnd;
    if (isKept) lead = concatBytes(lead, trailer);
    const header = isEnd ? undefined : readGlue(rest).takeHeader();
    isKept = header === undefined || !withheld.has(header.cid);
    if (header !== undefined && !isKept) left.push(header.cid);
    else {
      const end = isEnd
        ? new Uint8Array(tarSize(placed + lead.length) - placed - lead.length)
        : rest;
      const leaf = encodeLeaf(concatBytes(lead, end), digest);
      if (!isSame) glue.push(leaf);
      kept.push(toLink(leaf));
      placed += leaf.fileSize;
      lead = new Uint8Array(0);
    }
    return header === undefined || header.size === 0 ? undefined : header.cid;
  }

  return {
    glue,
    left,

    /** Whether the glue that comes next changes. */
    get isOpen() {
      return !isKept || lead.length > 0;
    },

    /** Passes over a node that stays as it is. */
    pass({ fileSize }: FileLink): void {
      read += fileSize;
      placed += fileSize;
    },

    /** Returns what stays of the links of a node. */
    async sift(children: readonly FileLink[]): Promise<readonly FileLink[]> {
      const kept: FileLink[] = [];
      let asset: Cid | undefined;
      for (const link of children) {
        if (asset === undefined) {
          asset = await siftGlue(link, kept);
        } else if (link.cid !== asset) {
          throw brokenShard(`the bytes at ${asset} are not a link to that asset`);
        } else {
          if (isKept) {
            kept.push(link);
            placed += link.fileSize;
          }
          asset = undefined;
        }
        read += link.fileSize;
      }
      return kept;
    },
  };
}
