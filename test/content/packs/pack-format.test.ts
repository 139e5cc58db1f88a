import { randomBytes } from 'node:crypto';
import { CarWriter } from '@ipld/car';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { expect, it } from 'vitest';
import { decodeMark, encodeMark } from '../../../src/content/packs/commit-mark.ts';
import {
  frameHeadLength,
  MAX_BLOCK_BYTES,
  PACK_HEADER,
  readFrameHead,
  writeFrameHead,
} from '../../../src/content/packs/pack-format.ts';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';

const digest = randomBytes(32);

it('begins a pack as the official CAR writer does', async () => {
  const { writer, out } = CarWriter.create([CID.parse('bafkqaaa')]);
  const [chunks] = await Promise.all([Array.fromAsync(out), writer.close()]);
  expect(Buffer.concat(chunks).equals(PACK_HEADER)).toBe(true);
});

it('frames a block as the official CAR writer does, and reads the head back', async () => {
  const length = fc.oneof(
    fc.constantFrom(0, 91, 92, 16_347, 16_348, 1_048_576, MAX_BLOCK_BYTES),
    fc.integer({ min: 0, max: 40_000 }),
  );
  const codec = fc.constantFrom(CODEC.raw, CODEC.dagPb, CODEC.dagCbor, 0x0129, 0x300000);
  await fc.assert(
    fc.asyncProperty(length, codec, async (dataLength, code) => {
      const head = Buffer.alloc(frameHeadLength(code, dataLength));
      expect(writeFrameHead(head, 0, { codec: code, digest, dataLength })).toBe(head.length);
      const { writer, out } = CarWriter.create([]);
      const cid = CID.createV1(code, CID.parse(cidFromDigest(CODEC.raw, digest)).multihash);
      const written = Array.fromAsync(out);
      await writer.put({ cid, bytes: new Uint8Array(dataLength) });
      await writer.close();
      const car = Buffer.concat(await written);
      const start = car.length - dataLength - head.length;
      expect(car.subarray(start, start + head.length).equals(head)).toBe(true);
      const read = readFrameHead(head, 0);
      expect(read).toMatchObject({ isMark: false, codec: code, dataLength });
      expect(read?.dataOffset).toBe(head.length);
      expect(readFrameHead(head, 0, head.length - 1)).toBeUndefined();
    }),
  );
});

it('takes no other bytes for a frame', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const head = readFrameHead(bytes, 0);
      if (head !== undefined) expect(head.dataLength).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
    }),
  );
  const head = Buffer.alloc(frameHeadLength(CODEC.raw, 5));
  writeFrameHead(head, 0, { codec: CODEC.raw, digest, dataLength: 5 });
  // The same length written with one byte more than it needs.
  const padded = Buffer.concat([Buffer.of((head[0] ?? 0) | 0x80, 0), head.subarray(1)]);
  expect(readFrameHead(padded, 0)).toBeUndefined();
});

it('marks a commit in a frame that no block can be', () => {
  const list = cidFromDigest(CODEC.dagCbor, digest);
  for (const roots of [undefined, list]) {
    const frame = encodeMark(roots);
    const head = readFrameHead(frame, 0);
    expect(head).toMatchObject({ isMark: true });
    expect(decodeMark(head?.digest ?? new Uint8Array())).toEqual({ roots: roots ?? null });
    expect((head?.dataOffset ?? 0) + (head?.dataLength ?? 0)).toBe(frame.length);
  }
  expect(decodeMark(Buffer.from('something else'))).toBeUndefined();
});
