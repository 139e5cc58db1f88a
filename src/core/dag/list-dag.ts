import type { CID } from 'multiformats/cid';
import { ArchiveError } from '../errors.ts';
import type { Blocks } from './blocks.ts';
import { dagNode, prefixLength } from './dag-node.ts';
import { walkDag } from './walk-dag.ts';

/**
 * Yields the names in a directory, flat or sharded, in the order of its links.
 *
 * @throws {ArchiveError} as `walkDag`; `input_invalid` for what is no directory.
 */
export async function* listDag(
  blocks: Blocks,
  root: CID,
): AsyncGenerator<{ readonly name: string; readonly cid: CID }> {
  const walked = walkDag(blocks, { cid: root, way: [root] }, { scope: 'entity', dups: false });
  for await (const { cid, bytes } of walked) {
    const node = dagNode(cid, bytes);
    if (node.kind === 'directory') yield* node.links;
    else if (node.kind !== 'shard') {
      throw new ArchiveError('input_invalid', `${cid} is no part of a directory`);
    } else {
      const digits = prefixLength(node.fanOut);
      for (const link of node.links) {
        if (link.name.length > digits) yield { ...link, name: link.name.slice(digits) };
      }
    }
  }
}
