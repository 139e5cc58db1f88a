import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import { decodeFileNode, type FileLink } from '../../../src/core/unixfs/file-node.ts';
import {
  createShardDag,
  type PlacedSample,
  SAMPLES_PER_NODE,
} from '../../../src/release/shards/shard-dag.ts';
import { hasProgram } from '../../support/has-program.ts';
import {
  createMemoryContent,
  type MemoryContent,
  readAll,
  sha256,
} from '../../support/memory-content.ts';
import { noise } from '../../support/release-members.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sidecar: Uint8Array;
  readonly shape?: { readonly leaf: number; readonly width: number };
}

/** Composes a shard over stored assets; returns its root, where the samples lie, and what it added. */
async function compose(content: MemoryContent, samples: readonly Sample[]) {
  const dag = createShardDag(sha256);
  const placed: PlacedSample[] = [];
  const assets: FileLink[] = [];
  for (const { name, bytes, sidecar, shape } of samples) {
    const asset = content.putFile(bytes, shape);
    assets.push(asset);
    const place = dag.add({ name: `${name}.bin`, asset, sidecarName: `${name}.json`, sidecar });
    placed.push(place);
    for (const block of place.blocks) await content.putBlock(block.cid, block.bytes);
  }
  const { root, blocks, glueBytes } = dag.finish();
  for (const block of blocks) await content.putBlock(block.cid, block.bytes);
  return { root, placed, assets, glueBytes };
}

function toSample(name: string, size: number, sidecarSize = 300): Sample {
  return { name, bytes: noise(name, size), sidecar: noise(`${name}.json`, sidecarSize) };
}

/** Writes the tar the plain way: header, bytes, zeros. Shares no code with the composer. */
function naiveTar(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [name, bytes] of files) {
    const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
    const fields: [number, string][] = [
      [0, name],
      [100, '0000644'],
      [108, '0000000'],
      [116, '0000000'],
      [124, octal(bytes.length, 11)],
      [136, '00000000000'],
      [148, ' '.repeat(8)],
      [156, '0'],
      [257, 'ustar'],
      [263, '00'],
      [329, '0000000'],
      [337, '0000000'],
    ];
    const header = Buffer.alloc(512);
    for (const [at, text] of fields) header.write(text, at);
    header.write(
      `${octal(
        header.reduce((sum, byte) => sum + byte, 0),
        6,
      )}\0 `,
      148,
    );
    parts.push(header, Buffer.from(bytes), Buffer.alloc(-bytes.length & 511));
  }
  const size = parts.reduce((sum, part) => sum + part.length, 1024);
  return Buffer.concat(parts, Math.ceil(size / 10_240) * 10_240);
}

const filesOf = (samples: readonly Sample[]) =>
  samples.flatMap(({ name, bytes, sidecar }): [string, Uint8Array][] => [
    [`${name}.bin`, bytes],
    [`${name}.json`, sidecar],
  ]);

const MIB = 1_048_576;

/** Sizes around every boundary of tar and UnixFS, each also as a deep tree of small leaves. */
const EDGES: readonly Sample[] = [
  0,
  1,
  511,
  512,
  513,
  1000,
  65_536,
  MIB - 1,
  MIB,
  MIB + 1,
  3 * MIB + 7,
].flatMap((size, index) => [
  toSample(`edge-${index}`, size, 512 - index),
  { ...toSample(`deep-${index}`, size), shape: { leaf: Math.ceil(size / 50) + 1, width: 4 } },
]);

describe('a shard', () => {
  it('has the bytes of the tar of its samples, whatever their sizes', async () => {
    const sample = fc.record({
      size: fc.oneof(fc.integer({ min: 0, max: 1100 }), fc.constantFrom(0, 511, 512, 513, 1024)),
      sidecar: fc.integer({ min: 1, max: 512 }),
      leaf: fc.integer({ min: 16, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(sample, { minLength: 1, maxLength: 40 }), async (drawn) => {
        const content = createMemoryContent();
        const samples = drawn.map(({ size, sidecar, leaf }, index) => ({
          ...toSample(`s${index}`, size, sidecar),
          shape: { leaf, width: 3 },
        }));
        const expected = naiveTar(filesOf(samples));
        const { root, placed } = await compose(content, samples);
        expect(root.fileSize).toBe(expected.length);
        expect((await readAll(content, root.cid)).equals(expected)).toBe(true);
        for (const [index, { offset, sidecarOffset }] of placed.entries()) {
          const { bytes, sidecar } = samples[index] ?? toSample('', 0);
          expect(expected.subarray(offset, offset + bytes.length).equals(bytes)).toBe(true);
          expect(expected.subarray(sidecarOffset, sidecarOffset + sidecar.length)).toEqual(sidecar);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says before a sample is added how large the tar will be', async () => {
    const dag = createShardDag(sha256);
    const content = createMemoryContent();
    for (const { name, bytes, sidecar } of EDGES) {
      const expected = dag.sizeWith(bytes.length, sidecar.length);
      dag.add({ name, asset: content.putFile(bytes), sidecarName: `${name}.json`, sidecar });
      const before = EDGES.slice(0, EDGES.findIndex((sample) => sample.name === name) + 1);
      expect(expected).toBe(naiveTar(filesOf(before)).length);
    }
  });

  it('answers random ranges like the tar', async () => {
    const content = createMemoryContent();
    const { root } = await compose(content, EDGES);
    const tar = naiveTar(filesOf(EDGES));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(tar.length - 1),
        fc.integer({ min: 1, max: 70_000 }),
        async (offset, length) => {
          const part = await readAll(content, root.cid, { offset, length });
          expect(part.equals(tar.subarray(offset, offset + length))).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('links to assets, and adds less than 2,048 bytes for each', async () => {
    const content = createMemoryContent();
    const samples = Array.from({ length: 1500 }, (_, index) =>
      toSample(`s${index}`, 4000 + 37 * index, 512),
    );
    const assets = samples.map(({ bytes }) => content.putFile(bytes));
    const before = content.blocks.size;
    const bytesBefore = bytesOf(content.blocks);
    const { root, glueBytes } = await compose(content, samples);
    expect(bytesOf(content.blocks) - bytesBefore).toBe(glueBytes);
    expect(content.blocks.size - before).toBe(1501 + Math.ceil(1500 / SAMPLES_PER_NODE) + 1);
    expect(glueBytes / samples.length).toBeLessThan(2048);
    const assetBytes = assets.reduce((sum, { dagSize }) => sum + dagSize, 0);
    expect(root.dagSize).toBe(assetBytes + glueBytes);
  });

  it('keeps a sample in the node of its number, whether others have bytes or not', async () => {
    const content = createMemoryContent();
    const count = 2 * SAMPLES_PER_NODE;
    const full = Array.from({ length: count }, (_, index) => toSample(`s${index}`, 100));
    const gap = full.map((sample, index) => (index === 7 ? toSample('s7', 0) : sample));
    const nodesOf = async (samples: readonly Sample[]) => {
      const { root } = await compose(content, samples);
      return decodeFileNode(await content.getBlock(root.cid)).children.map(({ cid }) => cid);
    };
    const [a, b] = [await nodesOf(full), await nodesOf(gap)];
    expect(a).toHaveLength(3);
    expect(b[0]).not.toBe(a[0]);
    expect(b[1]).toBe(a[1]);
  });

  it('has no link without bytes, no data beside links, and exact sizes of raw leaves', async () => {
    const content = createMemoryContent();
    const { root } = await compose(content, EDGES);
    const node = decodeFileNode(await content.getBlock(root.cid));
    expect(node.inline).toHaveLength(0);
    for (const { cid, fileSize, dagSize } of node.children) {
      expect(fileSize).toBeGreaterThan(0);
      expect(await content.stat(cid)).toEqual({ size: fileSize, dagSize });
    }
  });
});

describe.skipIf(!hasProgram('tar', '--version', /GNU tar/))(
  'a shard, with GNU tar (skipped where GNU tar is not installed)',
  () => {
    it('equals what GNU tar writes, byte for byte', async () => {
      using folder = temporaryFolder();
      const content = createMemoryContent();
      const { root } = await compose(content, EDGES);
      const input = join(folder.path, 'in');
      mkdirSync(input);
      const names = filesOf(EDGES).map(([name, bytes]) => {
        writeFileSync(join(input, name), bytes);
        return name;
      });
      const list = join(folder.path, 'list');
      writeFileSync(list, names.map((name) => `${name}\n`).join(''));
      const tar = join(folder.path, 'gnu.tar');
      const fixed = ['--format=ustar', '--mtime=@0', '--owner=:0', '--group=:0', '--numeric-owner'];
      execFileSync('tar', [...fixed, '--mode=0644', '-C', input, '-cf', tar, '-T', list]);
      expect((await readAll(content, root.cid)).equals(readFileSync(tar))).toBe(true);
    });
  },
);

function bytesOf(blocks: Map<Cid, Uint8Array>): number {
  return blocks.values().reduce((sum, { length }) => sum + length, 0);
}
