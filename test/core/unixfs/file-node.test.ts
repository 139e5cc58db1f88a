import { createHash } from 'node:crypto';
import { createNode, encode } from '@ipld/dag-pb';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { expect, it } from 'vitest';
import {
  decodeFileNode,
  encodeFileNode,
  encodeLeaf,
  type FileLink,
} from '../../../src/core/unixfs/file-node.ts';
import { decodeUnixFsData, encodeFileData } from '../../../src/core/unixfs/unixfs-data.ts';
import dataCases from '../../vectors/unixfs/file-data.json' with { type: 'json' };

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const leaf = encodeLeaf(Buffer.from('leaf'), sha256);
const refused = expect.objectContaining({ code: 'input_invalid' });

it.each(dataCases)('writes the sizes of $comment as protobuf says', ({ blockSizes, dataHex }) => {
  const { bytes, fileSize } = encodeFileData(blockSizes);
  expect(Buffer.from(bytes).toString('hex')).toBe(dataHex);
  expect(decodeUnixFsData(bytes)).toMatchObject({ type: 2, fileSize, blockSizes });
});

it('reads back every node it writes, whatever the sizes', () => {
  const link: fc.Arbitrary<FileLink> = fc.record({
    cid: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((b) => encodeLeaf(b, sha256).cid),
    fileSize: fc.integer({ min: 1, max: 2 ** 43 }),
    dagSize: fc.integer({ min: 1, max: 2 ** 44 }),
  });
  fc.assert(
    fc.property(fc.array(link, { minLength: 1, maxLength: 40 }), (children) => {
      const node = encodeFileNode(children, sha256);
      const read = decodeFileNode(node.bytes);
      expect(read).toMatchObject({ fileSize: node.fileSize, children });
      const below = children.reduce((sum, child) => sum + child.dagSize, 0);
      expect(node.dagSize).toBe(below + node.bytes.length);
    }),
  );
});

it('reads a leaf that keeps its bytes in the node, and packed sizes', () => {
  const inline = encode(createNode(Uint8Array.of(0x08, 2, 0x12, 2, 7, 8, 0x18, 2)));
  expect(decodeFileNode(inline)).toMatchObject({ fileSize: 2, inline: Uint8Array.of(7, 8) });
  const packed = Uint8Array.of(0x08, 2, 0x22, 3, 0x05, 0x80, 0x01);
  expect(decodeUnixFsData(packed).blockSizes).toEqual([5, 128]);
});

it.each<[string, Uint8Array]>([
  ['bytes that are no dag-pb', Uint8Array.of(0xff, 0xff)],
  ['a node without UnixFS data', encode(createNode(new Uint8Array(0)))],
  ['a directory', encode(createNode(Uint8Array.of(0x08, 1)))],
  ['a total that is not the sum', encode(createNode(Uint8Array.of(0x08, 2, 0x18, 5)))],
  ['a size without a link', encode(createNode(Uint8Array.of(0x08, 2, 0x20, 5)))],
  ['a number that does not end', encode(createNode(Uint8Array.of(0x08, 2, 0x18, 0x80)))],
  ['a number beyond 2^53', encode(createNode(Uint8Array.of(8, 2, 24, ...Array(8).fill(255), 1)))],
  ['a field behind the end', encode(createNode(Uint8Array.of(0x08, 2, 0x12, 9, 1)))],
  ['data beside links', linked(Uint8Array.of(0x08, 2, 0x12, 1, 1, 0x20, 4), '')],
  ['a named link', linked(Uint8Array.of(0x08, 2, 0x20, 4), 'name')],
])('refuses %s', (_what, bytes) => {
  expect(() => decodeFileNode(bytes)).toThrow(refused);
});

it('refuses sizes no number can hold', () => {
  expect(() => encodeFileData([Number.MAX_SAFE_INTEGER, 1])).toThrow(refused);
  expect(() => encodeFileData([-1])).toThrow(refused);
});

function linked(data: Uint8Array, name: string): Uint8Array {
  return encode({ Data: data, Links: [{ Hash: CID.parse(leaf.cid), Name: name, Tsize: 4 }] });
}
