import { type Cid, CODEC, cidToBytes } from '../../core/cid.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { decodeFileNode, type FileLink } from '../../core/unixfs/file-node.ts';
import { linkedCids } from '../../core/unixfs/linked-cids.ts';
import type { ReleaseContent } from '../release-content.ts';
import { brokenShard } from './sample-glue.ts';

/** Levels of nodes in a shard; three hold half a million samples. */
export const MOST_LEVELS = 6;

/** A node of a shard right above its leaves: glue and assets in turn, glue first. */
export interface ShardGroup {
  readonly link: FileLink;
  readonly isLast: boolean;
  /** Whether one of the assets that are looked for is linked here. */
  readonly isTouched: boolean;
  /** Its links, each spelled: what takes the time. */
  children(): readonly FileLink[];
}

/**
 * Yields the lowest nodes of a shard in order, reading nodes alone, with whether they link to one of these
 * assets. Groups whose children nobody wants cost next to nothing.
 *
 * @throws {ArchiveError} `release_invalid`, `input_invalid`, `block_missing`, `block_corrupt`.
 */
export async function* groupsOf(
  shard: { readonly cid: Cid; readonly size: number },
  wanted: ReadonlySet<Cid>,
  content: Pick<ReleaseContent, 'getBlock'>,
): AsyncIterable<ShardGroup> {
  const turn = takeTurns();
  const keys = new Set([...wanted].map((cid) => keyOf(cidToBytes(cid))));

  async function* below(link: FileLink, depth: number, isLast: boolean): AsyncIterable<ShardGroup> {
    await turn();
    const block = await content.getBlock(link.cid);
    const cids = linkedCids(block);
    const [first] = cids;
    if (first === undefined || depth === MOST_LEVELS) {
      throw brokenShard(`${link.cid} is not a node of a shard`);
    }
    if (first[1] === CODEC.raw) {
      const isTouched = keys.size > 0 && cids.some((cid) => keys.has(keyOf(cid)));
      yield { link, isLast, isTouched, children: () => decodeFileNode(block).children };
      return;
    }
    const { children } = decodeFileNode(block);
    for (const [index, child] of children.entries()) {
      yield* below(child, depth + 1, isLast && index === children.length - 1);
    }
  }
  yield* below({ cid: shard.cid, fileSize: shard.size, dagSize: 0 }, 0, true);
}

function keyOf(cid: Uint8Array): string {
  return Buffer.from(cid.buffer, cid.byteOffset, cid.length).toString('latin1');
}
