import { type Cid, CODEC, codecOf, parseCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { decodeFileNode, type FileLink } from '../../core/unixfs/file-node.ts';
import type { ReleaseContent } from '../release-content.ts';
import { type AssetHeader, brokenShard, readGlue, type Sidecar } from './sample-glue.ts';
import { groupsOf, MOST_LEVELS } from './shard-groups.ts';
import { tarSize } from './tar-header.ts';

/** A sample as its shard holds it. */
export interface ReadSample extends AssetHeader {
  readonly sidecar: Sidecar;
}

export interface ReadableShard {
  readonly cid: Cid;
  readonly size: number;
  readonly samples: number;
  readonly glueBytes: number;
}

/** The empty file, the one asset that no shard links to. */
export const EMPTY_ASSET = parseCid('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku');

/**
 * Reads a shard as tar and as DAG at once, and yields its samples in order. That a sample's bytes
 * are those of the asset it is named after is shown by the link that stands in their place, so only
 * headers, sidecars and nodes are read: time goes by samples, not by bytes. Removed assets need not be here.
 *
 * @throws {ArchiveError} `release_invalid` or `input_invalid` where the shard is not what this
 * archive writes, or not what its manifest says; `block_missing`, `block_corrupt`.
 */
export async function* readShard(
  shard: ReadableShard,
  content: Pick<ReleaseContent, 'getBlock' | 'stat'>,
  removed: ReadonlySet<Cid> = new Set(),
): AsyncIterable<ReadSample> {
  let open: AssetHeader | undefined;
  let isLinked = false;
  let isEnded = false;
  let samples = 0;
  let glueBytes = 0;
  /** Bytes of the tar up to the end of the last sample. */
  let used = 0;

  function isAsset({ cid, fileSize }: FileLink): boolean {
    return !isLinked && cid === open?.cid && fileSize === open.size;
  }

  async function* walk(link: FileLink, depth: number): AsyncIterable<Uint8Array> {
    if (isAsset(link)) {
      await checkSize(link, content, removed);
      isLinked = true;
      used += link.fileSize;
      return;
    }
    const block = await content.getBlock(link.cid);
    glueBytes += block.length;
    const isLeaf = codecOf(link.cid) === CODEC.raw;
    const node = isLeaf ? undefined : decodeFileNode(block);
    if (link.fileSize === 0 || (node?.fileSize ?? block.length) !== link.fileSize) {
      throw brokenShard(`${link.cid} does not have the ${link.fileSize} bytes that its link says`);
    }
    if (node === undefined) yield block;
    else if (node.children.length === 0 || depth === MOST_LEVELS) {
      throw brokenShard(`${link.cid} is not a node of a shard`);
    } else for (const child of node.children) yield* walk(child, depth + 1);
  }

  for await (const block of walk({ ...shard, fileSize: shard.size, dagSize: 0 }, 0)) {
    if (isEnded) throw brokenShard('it goes on after its end');
    const glue = readGlue(block);
    if (open !== undefined) {
      if (!isLinked && (open.cid !== EMPTY_ASSET || open.size > 0)) {
        throw brokenShard(`the bytes at ${open.cid} are not a link to that asset`);
      }
      yield { ...open, sidecar: glue.takeSidecar(open) };
      samples += 1;
      open = undefined;
    }
    if (glue.hasHeader()) {
      open = glue.takeHeader();
      isLinked = false;
    }
    const left = glue.takeEnd();
    used += block.length - left;
    if (open === undefined) isEnded = true;
    else if (left > 0) throw brokenShard(`zeros follow the header of ${open.cid}`);
  }
  if (!isEnded || tarSize(used) !== shard.size) throw brokenShard('its end has the wrong length');
  if (samples !== shard.samples || glueBytes !== shard.glueBytes) {
    throw brokenShard(
      `it has ${samples} samples and ${glueBytes} bytes of its own, release.json says ${shard.samples} and ${shard.glueBytes}`,
    );
  }
}

/** Returns the first asset of a shard; undefined where it has none. */
export async function firstAsset(
  shard: { readonly cid: Cid; readonly size: number },
  content: Pick<ReleaseContent, 'getBlock'>,
): Promise<Cid | undefined> {
  for await (const { children } of groupsOf(shard, new Set(), content)) {
    const [first] = children();
    const glue = first && readGlue(await content.getBlock(first.cid));
    return glue?.hasHeader() ? glue.takeHeader().cid : undefined;
  }
  return undefined;
}

/** A link may lie about the size of what it links to; what is stored does not. */
async function checkSize(
  { cid, fileSize }: FileLink,
  content: Pick<ReleaseContent, 'stat'>,
  removed: ReadonlySet<Cid>,
): Promise<void> {
  const stored = await content.stat(cid);
  if (stored === undefined && removed.has(cid)) return;
  if (stored === undefined) throw new ArchiveError('block_missing', `asset ${cid} is not here`);
  if (stored.size !== fileSize) {
    throw brokenShard(`asset ${cid} has ${stored.size} bytes, its place in the shard ${fileSize}`);
  }
}
