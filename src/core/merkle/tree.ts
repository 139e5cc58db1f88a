import { concatBytes, equalBytes, type Sha256 } from '../hash.ts';

/**
 * The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1): leaf = H(0x00 ‖ data), node = H(0x01 ‖ l ‖ r).
 * Proof checking follows RFC 9162 §2.1.3.2 and §2.1.4.2.
 */

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(data: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(LEAF, data));
}

export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(NODE, left, right));
}

/**
 * The roots of the complete subtrees that make up a tree of `size` leaves, largest first: all that
 * is needed to add leaves and to know the root. At most 53 hashes.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/** A complete subtree: `level` 0 is a leaf, `index` counts subtrees of that level from the left. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** Returns the frontier with one more leaf, and every subtree that this leaf completed. */
export function appendLeaf(
  frontier: Frontier,
  leaf: Uint8Array,
  sha256: Sha256,
): { readonly frontier: Frontier; readonly completed: readonly TreeNode[] } {
  const hashes = [...frontier.hashes];
  const completed: TreeNode[] = [{ level: 0, index: frontier.size, hash: leaf }];
  let hash = leaf;
  let level = 0;
  for (let index = frontier.size; index % 2 === 1; index = Math.floor(index / 2)) {
    const left = hashes.pop();
    if (left === undefined) throw new RangeError('the frontier has too few hashes for its size');
    hash = nodeHash(left, hash, sha256);
    level += 1;
    completed.push({ level, index: Math.floor(index / 2), hash });
  }
  hashes.push(hash);
  return { frontier: { size: frontier.size + 1, hashes }, completed };
}

/** Returns the root of a tree; of the empty tree, the hash of no bytes. */
export function rootOf(frontier: Frontier, sha256: Sha256): Uint8Array {
  return (
    frontier.hashes.reduceRight<Uint8Array | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right, sha256)),
      undefined,
    ) ?? sha256(new Uint8Array(0))
  );
}

/** Returns the root over leaf data given in order. */
export function rootOfLeaves(leaves: Iterable<Uint8Array>, sha256: Sha256): Uint8Array {
  let frontier = EMPTY_FRONTIER;
  for (const data of leaves) {
    frontier = appendLeaf(frontier, leafHash(data, sha256), sha256).frontier;
  }
  return rootOf(frontier, sha256);
}

/** Gives the hash of a complete subtree. */
export type ReadNode = (level: number, index: number) => Uint8Array;

/** Returns the audit path of leaf `index` in the tree of the first `size` leaves, leaf side first. */
export function inclusionProof(
  index: number,
  size: number,
  read: ReadNode,
  sha256: Sha256,
): readonly Uint8Array[] {
  if (!(index >= 0 && index < size))
    throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  return pathTo(index, 0, size, read, sha256);
}

/**
 * Returns the proof that the tree of `oldSize` leaves, at least one, is a beginning of the tree of
 * `newSize`. Of the empty tree there is nothing to prove (RFC 9162 §2.1.4).
 */
export function consistencyProof(
  oldSize: number,
  newSize: number,
  read: ReadNode,
  sha256: Sha256,
): readonly Uint8Array[] {
  if (!(oldSize >= 1 && oldSize <= newSize)) {
    throw new RangeError(`a tree of ${oldSize} cannot be a beginning of a tree of ${newSize}`);
  }
  if (oldSize === newSize) return [];
  return subproof(oldSize, 0, newSize, true, read, sha256);
}

export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
  sha256: Sha256,
): boolean {
  // An empty hash proves nothing, however equal it is to an empty root.
  if (!(index >= 0 && index < size && leaf.length === 32)) return false;
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash, sha256);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      hash = nodeHash(hash, sibling, sha256);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && equalBytes(hash, root);
}

export function verifyConsistency(
  oldSize: number,
  newSize: number,
  proof: readonly Uint8Array[],
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  sha256: Sha256,
): boolean {
  if (!(oldSize >= 1 && oldSize <= newSize)) return false;
  if (oldSize === newSize) return proof.length === 0 && equalBytes(oldRoot, newRoot);
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  let oldHash = first;
  let newHash = first;
  for (const sibling of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      oldHash = nodeHash(sibling, oldHash, sha256);
      newHash = nodeHash(sibling, newHash, sha256);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      newHash = nodeHash(newHash, sibling, sha256);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && equalBytes(oldHash, oldRoot) && equalBytes(newHash, newRoot);
}

/** Returns the hash over leaves `start` to `end` (exclusive), from complete subtrees. */
function rangeHash(start: number, end: number, read: ReadNode, sha256: Sha256): Uint8Array {
  const size = end - start;
  if (isPowerOfTwo(size)) return read(Math.round(Math.log2(size)), start / size);
  const split = largestPowerBelow(size);
  return nodeHash(
    rangeHash(start, start + split, read, sha256),
    rangeHash(start + split, end, read, sha256),
    sha256,
  );
}

function pathTo(
  index: number,
  start: number,
  end: number,
  read: ReadNode,
  sha256: Sha256,
): Uint8Array[] {
  if (end - start === 1) return [];
  const middle = start + largestPowerBelow(end - start);
  return index < middle
    ? [...pathTo(index, start, middle, read, sha256), rangeHash(middle, end, read, sha256)]
    : [...pathTo(index, middle, end, read, sha256), rangeHash(start, middle, read, sha256)];
}

/** SUBPROOF of RFC 9162 §2.1.4.1, over leaves `start` to `end`; `oldSize` is counted from 0. */
function subproof(
  oldSize: number,
  start: number,
  end: number,
  isOldRoot: boolean,
  read: ReadNode,
  sha256: Sha256,
): Uint8Array[] {
  if (oldSize === end) return isOldRoot ? [] : [rangeHash(start, end, read, sha256)];
  const middle = start + largestPowerBelow(end - start);
  return oldSize <= middle
    ? [
        ...subproof(oldSize, start, middle, isOldRoot, read, sha256),
        rangeHash(middle, end, read, sha256),
      ]
    : [
        ...subproof(oldSize, middle, end, false, read, sha256),
        rangeHash(start, middle, read, sha256),
      ];
}

function isPowerOfTwo(n: number): boolean {
  return n > 0 && largestPowerBelow(n + 1) === n;
}

/** The largest power of two that is smaller than n, for n of 2 or more. */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
