import * as dagPb from '@ipld/dag-pb';
import type { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { Blocks } from '../../../src/core/dag/blocks.ts';
import { listDag } from '../../../src/core/dag/list-dag.ts';
import { murmur3 } from '../../../src/core/dag/murmur3.ts';
import { readDagFile } from '../../../src/core/dag/read-dag-file.ts';
import { resolvePath } from '../../../src/core/dag/resolve-path.ts';
import { walkDag } from '../../../src/core/dag/walk-dag.ts';
import { ArchiveError } from '../../../src/core/errors.ts';
import { createDagBuilder, type DagBuilder } from '../../support/dag-builder.ts';

/** The blocks of a builder, and how often they were read. */
function reading(dags: DagBuilder): Blocks & { reads: number } {
  return {
    reads: 0,
    async get(cid) {
      this.reads += 1;
      const block = dags.blocks.get(String(cid));
      if (block === undefined) throw new ArchiveError('block_missing', String(cid));
      return block.bytes;
    },
  };
}

async function walked(blocks: Blocks, cid: CID, dups: boolean, most = Number.POSITIVE_INFINITY) {
  const found: string[] = [];
  for await (const block of walkDag(blocks, { cid, way: [cid] }, { scope: 'all', dups })) {
    found.push(String(block.cid));
    if (found.length === most) break;
  }
  return found;
}

describe('murmur3', () => {
  it('gives the first 64 bits of the published algorithm', () => {
    const hash = (text: string) => murmur3(new TextEncoder().encode(text)).toString(16);
    expect(hash('')).toBe('0');
    expect(hash('hello')).toBe('cbd8a7b341bd9b02');
    expect(hash('The quick brown fox jumps over the lazy dog')).toBe('e34bbc7bbc071b6c');
  });
});

describe('a path', () => {
  it('leads through shards to every name that was put in, of any length', async () => {
    const dags = createDagBuilder();
    const names = Array.from({ length: 400 }, (_, i) => `${'ż'.repeat(i % 40)}${i}`);
    const made = await dags.files(Object.fromEntries(names.map((name) => [name, name])), {
      sharded: true,
    });
    const root = made.get('') as CID;
    const blocks = reading(dags);
    for (const name of names) {
      const found = await resolvePath(blocks, root, [name]);
      expect([name, String(found?.cid)]).toEqual([name, String(made.get(name))]);
    }
    expect(await resolvePath(blocks, root, ['none'])).toBeUndefined();
    // A digit of a shard is no name.
    expect(await resolvePath(blocks, root, [''])).toBeUndefined();
    const listed = await Array.fromAsync(listDag(blocks, root), ({ name }) => name);
    expect(listed.sort()).toEqual(names.sort());
  });
});

describe('a walk', () => {
  it('tells each block of a DAG once, though paths through it are beyond counting', async () => {
    const dags = createDagBuilder();
    let top = await dags.document('leaf');
    for (let depth = 0; depth < 100; depth += 1) top = await dags.document([top, top]);
    const blocks = reading(dags);
    expect(await walked(blocks, top, false)).toHaveLength(101);
    expect(blocks.reads).toBe(101);
    expect(await walked(blocks, top, true, 5000)).toHaveLength(5000);
  });

  it('follows a chain of any length without room for it', async () => {
    const dags = createDagBuilder();
    let top = await dags.document('end');
    for (let depth = 0; depth < 20_000; depth += 1) top = await dags.document({ next: top });
    expect(await walked(reading(dags), top, false)).toHaveLength(20_001);
  });

  it('ends where more links wait than there is room for', async () => {
    const dags = createDagBuilder();
    const leaf = await dags.document('leaf');
    let top = await dags.document(Array.from({ length: 30_000 }, () => leaf));
    for (let depth = 0; depth < 40; depth += 1) {
      top = await dags.document([top, ...Array.from({ length: 30_000 }, () => leaf)]);
    }
    await expect(walked(reading(dags), top, false)).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });

  it('takes a block that is not what its codec says for damage of the DAG', async () => {
    const dags = createDagBuilder();
    for (const codec of [0x70, 0x71, 0x0129]) {
      const bad = await dags.put(codec, Buffer.from('\xff\xff\xff', 'latin1'));
      const top = await dags.document([bad]);
      await expect(walked(reading(dags), top, false)).rejects.toMatchObject({
        code: 'input_invalid',
      });
    }
    const deep = await dags.put(0x71, Buffer.alloc(200_000, 0x81));
    await expect(walked(reading(dags), deep, false)).rejects.toMatchObject({
      code: 'input_invalid',
    });
  });
});

describe('a file', () => {
  it('with empty parts beyond counting is read by those that have bytes', async () => {
    const dags = createDagBuilder();
    const node = (parts: readonly (readonly [cid: CID, size: number])[]) => {
      // UnixFS `Data`: type 2, a file; the sizes of its parts are field 4.
      const Data = Uint8Array.of(8, 2, ...parts.flatMap(([, size]) => [0x20, size]));
      const Links = parts.map(([Hash]) => ({ Name: '', Hash, Tsize: 0 }));
      return dags.put(dagPb.code, dagPb.encode({ Data, Links }));
    };
    const [first, last] = [await dags.put(0x55, Buffer.of(1)), await dags.put(0x55, Buffer.of(2))];
    let empty = await node([]);
    for (let depth = 0; depth < 60; depth += 1)
      empty = await node([
        [empty, 0],
        [empty, 0],
      ]);
    const cid = await node([
      [first, 1],
      [empty, 0],
      [last, 1],
    ]);
    const blocks = reading(dags);
    const read = await Array.fromAsync(readDagFile(blocks, { cid }, { from: 0, to: 1 }));
    expect(Buffer.concat(read)).toEqual(Buffer.of(1, 2));
    expect(blocks.reads).toBe(3);
  });

  it('whose nodes contradict each other is read up to there', async () => {
    const dags = createDagBuilder();
    const made = await dags.files({ f: 'a'.repeat(1000) }, { chunk: 300 });
    const cid = made.get('f') as CID;
    const short = await dags.put(0x55, Buffer.from('short'));
    const blocks = reading(dags);
    const lying: Blocks = {
      get: async (one) =>
        one.code === 0x55 && !one.equals(short) ? Buffer.from('short') : blocks.get(one),
    };
    const reads = Array.fromAsync(readDagFile(lying, { cid }, { from: 0, to: 999 }));
    await expect(reads).rejects.toMatchObject({ code: 'input_invalid' });
    const bytes = await Array.fromAsync(readDagFile(blocks, { cid }, { from: 299, to: 600 }));
    expect(bytes.map(({ length }) => length)).toEqual([1, 300, 1]);
  });
});
