import {
  appendLeaf,
  type Frontier,
  leafHash,
  rootOf,
  type TreeNode,
} from '../../core/merkle/tree.ts';
import { sha256 } from '../sha256.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';

/**
 * The RFC 6962 tree over the arrival log: leaf `n` is the 36 bytes of the CID of arrival `n`. Nodes
 * are written once and never change; a frontier is read from them when it is needed, so there is
 * nothing in memory that could differ from the disk.
 */

/** Returns the complete subtrees that make up the tree of the first `size` entries. */
export function frontierAt(store: LedgerStore, size: number): Frontier {
  const hashes: Uint8Array[] = [];
  let start = 0;
  for (let level = 52; level >= 0; level--) {
    const width = 2 ** level;
    if (Math.floor(size / width) % 2 === 0) continue;
    hashes.push(store.treeNode(level, start / width));
    start += width;
  }
  return { size, hashes };
}

export function rootAt(store: LedgerStore, size: number): Uint8Array {
  return rootOf(frontierAt(store, size), sha256);
}

/** Returns the nodes above the leaves that the next entry completes. */
export function nodesCompletedBy(cid: Uint8Array, frontier: Frontier): readonly TreeNode[] {
  return appendLeaf(frontier, leafHash(cid, sha256), sha256).completed.slice(1);
}
