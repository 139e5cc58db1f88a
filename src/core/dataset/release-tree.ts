import { CID } from 'multiformats/cid';
import { type Cid, CODEC, codecOf, parseCid } from '../cid.ts';
import { dagNode } from '../dag/dag-node.ts';
import { childrenOf, type FilePart, type SentTree } from '../unixfs/file-dag.ts';

/**
 * Returns a release without its assets as a tree: its folder, the nodes of its files, what stands between the
 * assets of its shards, and its tables. Assets travel as assets, under who may have them.
 *
 * @param isMember Says whether an asset is in the release; the same to both who send and who take it.
 */
export function releaseTree(release: Cid, isMember: (asset: Cid) => boolean): SentTree {
  return {
    top: { cid: release, fileSize: undefined, depth: 0 },
    childrenOf(part, bytes) {
      const files = filesIn(part, bytes);
      return files ?? childrenOf(part, bytes).filter(({ cid }) => !isMember(cid));
    },
  };
}

/** Returns what a block of a folder links to, files and further blocks of the folder; undefined for a file. */
function filesIn({ cid, depth }: FilePart, bytes: Uint8Array): readonly FilePart[] | undefined {
  if (codecOf(cid) !== CODEC.dagPb || depth > MAX_FOLDER_DEPTH) return undefined;
  const node = dagNode(CID.parse(cid), bytes);
  if (node.kind !== 'directory' && node.kind !== 'shard') return undefined;
  const names = new Set(node.links.map((link) => parseCid(String(link.cid))));
  return [...names].map((file) => ({ cid: file, fileSize: undefined, depth: depth + 1 }));
}

/** Deeper than a folder of as many shards as a release can have. */
const MAX_FOLDER_DEPTH = 8;
