import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  decodeFileNode,
  encodeLeaf,
  type FileBlock,
  type FileLink,
} from '../../../src/core/unixfs/file-node.ts';
import { createFileTree, PROFILE_LEAF_BYTES } from '../../../src/core/unixfs/file-tree.ts';
import zeroFiles from '../../vectors/unixfs/zero-files.json' with { type: 'json' };

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** Builds the tree over the children; returns its root and every node by CID. */
function build(children: readonly FileLink[], width: number) {
  const tree = createFileTree({ sha256, width });
  const blocks: FileBlock[] = [];
  for (const child of children) blocks.push(...tree.add(child));
  const { root, blocks: rest } = tree.finish();
  return { root, nodes: new Map([...blocks, ...rest].map((block) => [block.cid, block.bytes])) };
}

/** Returns the links below `root` that are not nodes of the tree, each with its depth, in order. */
function leavesOf(root: FileLink, nodes: Map<string, Uint8Array>, depth = 0): [FileLink, number][] {
  const bytes = nodes.get(root.cid);
  if (bytes === undefined) return [[root, depth]];
  return decodeFileNode(bytes).children.flatMap((child) => leavesOf(child, nodes, depth + 1));
}

it.each(zeroFiles)('gives the CID that Kubo gives $comment of zeros', ({ size, cid }) => {
  const whole = encodeLeaf(new Uint8Array(Math.min(size, PROFILE_LEAF_BYTES)), sha256);
  const rest = encodeLeaf(new Uint8Array(size % PROFILE_LEAF_BYTES), sha256);
  const count = Math.floor(size / PROFILE_LEAF_BYTES);
  const { root } = build([...Array<FileLink>(count).fill(whole), rest], 1024);
  expect(root).toMatchObject({ cid, fileSize: size });
});

it('keeps the order of its children, all at the one least depth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 2, max: 6 }),
      (count, width) => {
        const children = Array.from({ length: count }, (_, index) =>
          encodeLeaf(Buffer.from(`leaf ${index}`), sha256),
        );
        const { root, nodes } = build(children, width);
        const leaves = leavesOf(root, nodes);
        expect(leaves.map(([link]) => link.cid)).toEqual(children.map((child) => child.cid));
        const depth = Math.ceil(Math.log(count) / Math.log(width) - 1e-9);
        expect(new Set(leaves.map(([, at]) => at))).toEqual(new Set([depth]));
        expect(root.fileSize).toBe(children.reduce((sum, child) => sum + child.fileSize, 0));
        const stored = [...children, ...[...nodes.values()].map((bytes) => ({ bytes }))];
        expect(root.dagSize).toBe(stored.reduce((sum, { bytes }) => sum + bytes.length, 0));
      },
    ),
  );
});

it('concatenates whole files of any depth and leaves out empty ones', () => {
  const inner = build(
    ['a', 'b', 'c'].map((text) => encodeLeaf(Buffer.from(text), sha256)),
    2,
  );
  const header = encodeLeaf(Buffer.from('header'), sha256);
  const empty = encodeLeaf(new Uint8Array(0), sha256);
  const shard = build([header, empty, inner.root], 1024);
  expect(shard.root.fileSize).toBe(9);
  const node = decodeFileNode(shard.nodes.get(shard.root.cid) ?? new Uint8Array(0));
  expect(node.children).toEqual([
    { cid: header.cid, fileSize: 6, dagSize: 6 },
    { cid: inner.root.cid, fileSize: 3, dagSize: inner.root.dagSize },
  ]);
});

it('is the empty leaf without children, and the child itself with one', () => {
  const empty = encodeLeaf(new Uint8Array(0), sha256);
  expect(build([], 1024).root.cid).toBe(empty.cid);
  expect([...build([], 1024).nodes.keys()]).toEqual([empty.cid]);
  const only = encodeLeaf(Buffer.from('only'), sha256);
  const one = build([only], 1024);
  expect(one.root.cid).toBe(only.cid);
  expect(one.nodes.size).toBe(0);
});

it('hands out each node as soon as it is complete', () => {
  const tree = createFileTree({ sha256, width: 2 });
  const completed = ['a', 'b', 'c', 'd'].map(
    (text) => tree.add(encodeLeaf(Buffer.from(text), sha256)).length,
  );
  expect(completed).toEqual([0, 1, 0, 2]);
  expect(tree.finish().blocks).toEqual([]);
});
