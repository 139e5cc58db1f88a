import { createHash } from 'node:crypto';
import { createNode, encode } from '@ipld/dag-pb';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { CODEC, cidFromBytes, cidFromDigest } from '../../../src/core/cid.ts';
import { decodeFileNode, encodeFileNode } from '../../../src/core/unixfs/file-node.ts';
import { linkedCids } from '../../../src/core/unixfs/linked-cids.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const refused = expect.objectContaining({ code: 'input_invalid' });

const link = fc.record({
  cid: fc
    .tuple(fc.constantFrom(CODEC.raw, CODEC.dagPb), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    .map(([codec, digest]) => cidFromDigest(codec, digest)),
  fileSize: fc.integer({ min: 1, max: 2 ** 43 }),
  dagSize: fc.integer({ min: 1, max: 2 ** 44 }),
});
const node = fc
  .array(link, { minLength: 1, maxLength: 40 })
  .map((children) => encodeFileNode(children, sha256).bytes);

describe('the CIDs that a block links to', () => {
  it('are those of its links, in order', () => {
    fc.assert(
      fc.property(node, (bytes) => {
        const cids = decodeFileNode(bytes).children.map(({ cid }) => cid);
        expect(linkedCids(bytes).map(cidFromBytes)).toEqual(cids);
      }),
    );
  });

  it('are told of no block from which one could be missing: changed anywhere, it is refused or says all', () => {
    const changes = fc.tuple(node, fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(changes, ([bytes, place, flip]) => {
        const changed = Uint8Array.from(bytes);
        changed[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ flip;
        let children: readonly string[];
        try {
          children = decodeFileNode(changed).children.map(({ cid }) => cid);
        } catch {
          return;
        }
        let told: readonly Uint8Array[];
        try {
          told = linkedCids(changed);
        } catch (error) {
          expect(error).toEqual(refused);
          return;
        }
        expect(told.map(cidFromBytes)).toEqual(children);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are not told of a link by another version or hash', () => {
    const digest = CID.createV1(CODEC.dagPb, {
      ...{ code: 0x12, size: 32, digest: sha256(Buffer.from('x')) },
      bytes: Uint8Array.from([0x12, 32, ...sha256(Buffer.from('x'))]),
    });
    const old = encode(
      createNode(new Uint8Array(0), [{ Hash: digest.toV0(), Name: '', Tsize: 1 }]),
    );
    expect(() => linkedCids(old)).toThrow(refused);
    const identity = CID.parse('bafkqaaa');
    const other = encode(createNode(new Uint8Array(0), [{ Hash: identity, Name: '', Tsize: 1 }]));
    expect(() => linkedCids(other)).toThrow(refused);
  });

  it('are not told where links follow the data, which other readers may take in', () => {
    fc.assert(
      fc.property(node, (bytes) => {
        const data = Uint8Array.from([0x0a, 1, 7]);
        expect(() => linkedCids(Buffer.concat([data, bytes]))).toThrow(refused);
      }),
    );
  });
});
