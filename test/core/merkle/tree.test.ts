import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendLeaf,
  consistencyProof,
  EMPTY_FRONTIER,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  rootOfLeaves,
  verifyConsistency,
  verifyInclusion,
} from '../../../src/core/merkle/tree.ts';
import { sha256 } from '../../support/statement-bodies.ts';

/** A tree that keeps every complete subtree and every root, as an arrival log does. */
function grow(count: number) {
  const nodes = new Map<string, Uint8Array>();
  const leaves = Array.from({ length: count }, (_, i) =>
    leafHash(Buffer.from(`leaf ${i}`), sha256),
  );
  const roots = [rootOf(EMPTY_FRONTIER, sha256)];
  let frontier = EMPTY_FRONTIER;
  for (const leaf of leaves) {
    const added = appendLeaf(frontier, leaf, sha256);
    frontier = added.frontier;
    for (const { level, index, hash } of added.completed) nodes.set(`${level}/${index}`, hash);
    roots.push(rootOf(frontier, sha256));
  }
  const read = (level: number, index: number) => {
    const hash = nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`no node ${level}/${index}`);
    return hash;
  };
  return { leaves, roots, read };
}

/** RFC 6962 §2.1 word by word. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return first;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k)), sha256);
}

const SIZE = 70;
const { leaves, roots, read } = grow(SIZE);

describe('the Merkle tree', () => {
  it('has the root of RFC 6962 at every size', () => {
    roots.forEach((root, size) => {
      expect(root).toEqual(rootByDefinition(leaves.slice(0, size)));
    });
    const data = leaves.map((_, i) => Buffer.from(`leaf ${i}`));
    expect(rootOfLeaves(data, sha256)).toEqual(roots.at(-1));
  });

  it('proves every leaf of every size, and no other leaf, place or root', () => {
    for (let size = 1; size <= SIZE; size++) {
      const root = roots[size] ?? new Uint8Array();
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, read, sha256);
        const leaf = leaves[index] ?? new Uint8Array();
        expect(verifyInclusion(leaf, index, size, proof, root, sha256)).toBe(true);
        const other = leaves[(index + 1) % SIZE] ?? new Uint8Array();
        expect(verifyInclusion(other, index, size, proof, root, sha256)).toBe(false);
        expect(verifyInclusion(leaf, index + 1, size, proof, root, sha256)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof, leaf, sha256)).toBe(size === 1);
      }
    }
  });

  it('proves every beginning of every size, and no rewritten one', () => {
    for (let size = 1; size <= SIZE; size++) {
      for (let old = 1; old <= size; old++) {
        const proof = consistencyProof(old, size, read, sha256);
        const [before = sha256(Buffer.of()), after = sha256(Buffer.of())] = [
          roots[old],
          roots[size],
        ];
        expect(verifyConsistency(old, size, proof, before, after, sha256)).toBe(true);
        const rewritten = sha256(before);
        expect(verifyConsistency(old, size, proof, rewritten, after, sha256)).toBe(false);
        expect(verifyConsistency(old, size, proof, before, sha256(after), sha256)).toBe(false);
      }
    }
  });

  it('accepts no proof with a flipped bit, a hash more or a hash less', () => {
    const places = fc
      .integer({ min: 2, max: SIZE })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 }), fc.nat(), fc.nat()));
    fc.assert(
      fc.property(places, ([size, index, at, bit]) => {
        const proof = inclusionProof(index, size, read, sha256);
        const leaf = leaves[index] ?? new Uint8Array();
        const root = roots[size] ?? new Uint8Array();
        const flipped = proof.map((hash, i) => {
          if (i !== at % proof.length) return hash;
          const copy = Uint8Array.from(hash);
          copy[(bit >> 3) % 32] = (copy[(bit >> 3) % 32] ?? 0) ^ (1 << (bit & 7));
          return copy;
        });
        expect(verifyInclusion(leaf, index, size, flipped, root, sha256)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof.slice(1), root, sha256)).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, root], root, sha256)).toBe(false);
      }),
    );
  });

  it('gives no proof for a leaf or a size that it does not have', () => {
    expect(() => inclusionProof(3, 3, read, sha256)).toThrow(RangeError);
    expect(() => inclusionProof(-1, 3, read, sha256)).toThrow(RangeError);
    expect(() => consistencyProof(4, 3, read, sha256)).toThrow(RangeError);
    expect(() => consistencyProof(0, 3, read, sha256)).toThrow(RangeError);
  });
});
