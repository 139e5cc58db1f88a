import type { Sha256 } from '../hash.ts';
import { encodeFileNode, encodeLeaf, type FileBlock, type FileLink, toLink } from './file-node.ts';

/** Links per node of IPIP-0499 profile `unixfs-v1-2025`. */
const PROFILE_WIDTH = 1024;

/** Bytes per leaf of the same profile. */
export const PROFILE_LEAF_BYTES = 1_048_576;

/** A balanced tree over children that come one after the other. */
export interface FileTree {
  /**
   * Adds the next child and returns the nodes that it completed, parents after children.
   * A child without bytes is left out: it adds nothing to the file, and readers stumble over it.
   */
  add(child: FileLink): readonly FileBlock[];
  /** Returns the root and the nodes not returned yet, the root last. The tree ends with it. */
  finish(): { readonly root: FileLink; readonly blocks: readonly FileBlock[] };
}

/**
 * Begins a tree in the balanced layout of IPIP-0499: all children at the same depth, nodes filled
 * from the left, a lone child being the root itself.
 *
 * With leaves of {@link PROFILE_LEAF_BYTES} as children the root is the CID of `ipfs add` under that
 * profile; children may also be whole files of any depth, which concatenates them. Holds at most
 * `width` links per level, whatever the size. Without any child the file is the empty leaf.
 */
export function createFileTree(options: {
  readonly sha256: Sha256;
  readonly width?: number;
}): FileTree {
  const { sha256, width = PROFILE_WIDTH } = options;
  /** Links waiting for their parent, by height above the children. */
  const levels: FileLink[][] = [];

  function push(height: number, link: FileLink, completed: FileBlock[]): void {
    const level = levels[height] ?? [];
    levels[height] = level;
    level.push(link);
    if (level.length === width) close(height, level, completed);
  }

  function close(height: number, level: FileLink[], completed: FileBlock[]): void {
    const node = encodeFileNode(level, sha256);
    levels[height] = [];
    completed.push(node);
    push(height + 1, toLink(node), completed);
  }

  return {
    add(child) {
      const completed: FileBlock[] = [];
      if (child.fileSize > 0) push(0, toLink(child), completed);
      return completed;
    },

    finish() {
      const blocks: FileBlock[] = [];
      for (let height = 0; height < levels.length; height += 1) {
        const level = levels[height] ?? [];
        const [first] = level;
        if (first === undefined) continue;
        if (level.length === 1 && height === levels.length - 1) return { root: first, blocks };
        close(height, level, blocks);
      }
      const empty = encodeLeaf(new Uint8Array(0), sha256);
      return { root: empty, blocks: [empty] };
    },
  };
}
