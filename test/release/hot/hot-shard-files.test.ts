import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChunkPool } from '../../../src/core/chunk-pool.ts';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import type { ArchiveError } from '../../../src/core/errors.ts';
import type { HotShard } from '../../../src/core/ports/hot-shards.ts';
import { HotFile } from '../../../src/release/hot/hot-file.ts';
import { type HotLimits, HotShardFiles } from '../../../src/release/hot/hot-shard-files.ts';
import { createMemoryContent, sha256 } from '../../support/memory-content.ts';
import { noise } from '../../support/release-members.ts';
import { smallDisk, whyNoDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SIZE = 3 * 2 ** 20 + 77;
const HOUR_MS = 3_600_000;
const noDisk = whyNoDisk('tmpfs');
const release = cidFromDigest(CODEC.dagPb, sha256(Buffer.from('release')));

const content = createMemoryContent();
const shards = ['a', 'b', 'c'].map((name) => {
  const bytes = noise(name, SIZE);
  return { cid: content.putFile(bytes, { leaf: 65_536, width: 32 }).cid, size: SIZE, bytes };
});
const [a, b, c] = shards as unknown as readonly [Shard, Shard, Shard];
type Shard = (typeof shards)[number];

let scratch: ReturnType<typeof temporaryFolder>;
let folder: string;
let now: number;
let failures: ArchiveError[];

beforeEach(() => {
  scratch = temporaryFolder();
  folder = join(scratch.path, 'hot-shards');
  now = 0;
  failures = [];
});
afterEach(() => scratch[Symbol.dispose]());

async function open(
  limits: Partial<HotLimits> = {},
  over: Pick<typeof content, 'read'> = content,
): Promise<HotShardFiles> {
  const hot = await HotShardFiles.open(folder, over, {
    maxBytes: 10 * SIZE,
    now: () => now,
    onFailure: (error) => failures.push(error),
    ...limits,
  });
  await hot.serve(release, new Set(shards.map(({ cid }) => cid)));
  return hot;
}

/** Asks until there is a file. */
async function kept(hot: HotShardFiles, shard: Shard): Promise<HotShard> {
  let found: HotShard | undefined;
  await expect
    .poll(async () => {
      found = await hot.find(release, shard);
      return found;
    })
    .toBeDefined();
  return found as HotShard;
}

/** Resolves when nothing is being made any more. */
async function settled(): Promise<void> {
  let before: readonly string[] | undefined;
  await expect
    .poll(async () => {
      const [last, names] = [before, files()];
      before = names.map((name) => `${name} ${statSync(join(folder, name)).size}`);
      return before.join() === last?.join();
    })
    .toBe(true);
}

const files = () => (existsSync(folder) ? readdirSync(folder) : []);

async function readAll(shard: HotShard, offset = 0, length = SIZE): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of shard.read(offset, length)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('a shard that is asked for again', () => {
  it('is read from a file, whole and in parts, with the bytes of its blocks', async () => {
    const passing = createMemoryContent();
    const { cid } = passing.putFile(a.bytes, { leaf: 65_536 });
    await using hot = await open({}, passing);
    await hot.serve(release, new Set([cid]));
    const file = await kept(hot, { ...a, cid });
    // From here on there is nothing else that it could be read from.
    passing.blocks.clear();
    expect((await readAll(file)).equals(a.bytes)).toBe(true);
    for (const [offset, length] of [
      [0, 1],
      [SIZE - 1, 1],
      [SIZE - 1, 500],
      [1_048_575, 2],
      [1_000, 2_500_000],
      [SIZE, 10],
      [5, 0],
    ] as const) {
      const part = await readAll(file, offset, length);
      expect(part.equals(Buffer.from(a.bytes).subarray(offset, offset + length))).toBe(true);
    }
    expect(statSync(join(folder, `${cid}.tar`)).mode & 0o777).toBe(0o600);
  });

  it('is not kept for having been asked for once, nor where nothing is to be kept', async () => {
    await using hot = await open();
    expect(await hot.find(release, a)).toBeUndefined();
    await using none = await open({ maxBytes: 0 });
    for (let time = 0; time < 4; time += 1) await none.find(release, b);
    expect(files()).toEqual([]);
  });

  it('is not kept where it is not said to be served', async () => {
    await using hot = await open();
    await hot.serve(release, new Set([a.cid]));
    for (let time = 0; time < 4; time += 1) await hot.find(release, b);
    await kept(hot, a);
    expect(files()).toEqual([`${a.cid}.tar`]);
  });

  it('takes no more room than there may be, and the room of what nobody has asked for', async () => {
    await using hot = await open({ maxBytes: 2 * SIZE });
    await kept(hot, a);
    await kept(hot, b);
    for (let time = 0; time < 4; time += 1) await hot.find(release, c);
    await settled();
    expect(files().sort()).toEqual([`${a.cid}.tar`, `${b.cid}.tar`].sort());
    now += HOUR_MS - 1;
    await hot.find(release, b);
    now += 2;
    await kept(hot, c);
    expect(files().sort()).toEqual([`${b.cid}.tar`, `${c.cid}.tar`].sort());
  });

  it('is hashed anew every hour, and read from its blocks where the disk gives other bytes', async () => {
    const path = join(scratch.path, 'one.tar');
    const stop = new AbortController().signal;
    const parts = { content, chunks: new ChunkPool(500_000, 1) };
    await using file = await HotFile.write({ ...a, path }, parts, stop);
    expect(await file.isSound()).toBe(true);
    const bytes = readFileSync(path);
    bytes[2_000_000] = (bytes[2_000_000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await file.isSound()).toBe(false);
    expect(await file.isUntouched()).toBe(false);

    await using hot = await open();
    await kept(hot, a);
    now += 2 * HOUR_MS;
    await kept(hot, a);
    expect((await readAll(await kept(hot, a))).equals(a.bytes)).toBe(true);
  });
});

describe('a shard that is served no more', () => {
  it('has no file, and whoever reads it goes on as far as its blocks are here', async () => {
    const passing = createMemoryContent();
    const { cid } = passing.putFile(a.bytes, { leaf: 65_536 });
    await using hot = await open({}, passing);
    await hot.serve(release, new Set([cid]));
    const file = await kept(hot, { ...a, cid });
    const going = file.read(0, SIZE)[Symbol.asyncIterator]();
    const ending = file.read(0, SIZE)[Symbol.asyncIterator]();
    const [first] = [await going.next(), await ending.next()];
    const read = [Buffer.from(first.value ?? [])];
    await hot.serve(release, new Set());
    expect(files()).toEqual([]);
    expect(await hot.find(release, { ...a, cid })).toBeUndefined();
    for (let next = await going.next(); next.done !== true; next = await going.next()) {
      read.push(Buffer.from(next.value));
    }
    expect(Buffer.concat(read).equals(a.bytes)).toBe(true);
    // Bytes that are destroyed are given to nobody, from an open file neither.
    passing.blocks.clear();
    await expect(ending.next()).rejects.toMatchObject({ code: 'block_missing' });
  });

  it('is not kept where that is said while its file is being written', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    const slow: Pick<typeof content, 'read'> = {
      async *read(cid, options) {
        for await (const chunk of content.read(cid, options)) {
          ask();
          await held;
          yield chunk;
        }
      },
    };
    await using hot = await open({}, slow);
    for (let time = 0; time < 2; time += 1) await hot.find(release, a);
    await asked;
    await hot.serve(release, new Set([b.cid]));
    go();
    // One is made after another.
    await kept(hot, b);
    expect(files()).toEqual([`${b.cid}.tar`]);
    expect(failures).toEqual([]);
    await hot.serve(release, new Set([a.cid]));
    expect(await hot.find(release, a)).toBeUndefined();
  });

  it('is not kept for another release that serves it still', async () => {
    const other = cidFromDigest(CODEC.dagPb, sha256(Buffer.from('other')));
    await using hot = await open();
    await hot.serve(other, new Set([a.cid]));
    await kept(hot, a);
    await hot.serve(release, new Set());
    expect(files()).toEqual([]);
  });
});

describe('the folder of the files', () => {
  it('begins empty: what a killed process has left is not given', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, `${a.cid}.tar`), noise('something else', SIZE));
    await using hot = await open();
    expect(files()).toEqual([]);
    expect((await readAll(await kept(hot, a))).equals(a.bytes)).toBe(true);
  });

  it.each<readonly [string, (path: string) => void]>([
    ['written to', (path) => writeFileSync(path, noise('something else', SIZE))],
    ['cut off', (path) => truncateSync(path, 5)],
    ['deleted', (path) => rmSync(path)],
    ['replaced by a folder', (path) => [rmSync(path), mkdirSync(path)]],
    ['moved away with its folder', () => renameSync(folder, join(scratch.path, 'elsewhere'))],
    ['deleted with its folder', () => rmSync(folder, { recursive: true })],
  ])('gives no file that was %s, and has it made again', async (_, tamper) => {
    await using hot = await open();
    await kept(hot, a);
    await kept(hot, b);
    tamper(join(folder, `${a.cid}.tar`));
    const found = await hot.find(release, a);
    if (found !== undefined) expect((await readAll(found)).equals(a.bytes)).toBe(true);
    for (const shard of [a, b]) {
      const file = await kept(hot, shard);
      expect((await readAll(file)).equals(shard.bytes)).toBe(true);
    }
    expect(failures).toEqual([]);
  });

  it('gives no file that was written to while it was being made', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    let isFirst = true;
    const slow: Pick<typeof content, 'read'> = {
      async *read(cid, options) {
        let at = 0;
        for await (const chunk of content.read(cid, options)) {
          if (isFirst && at > 1_000_000) {
            isFirst = false;
            ask();
            await held;
          }
          at += chunk.length;
          yield chunk;
        }
      },
    };
    await using hot = await open({}, slow);
    for (let time = 0; time < 2; time += 1) await hot.find(release, a);
    await asked;
    const path = join(folder, `${a.cid}.tar`);
    const bytes = readFileSync(path);
    bytes.fill(7, 0, 1_000);
    writeFileSync(path, bytes);
    go();
    const file = await kept(hot, a);
    expect((await readAll(file)).equals(a.bytes)).toBe(true);
  });

  it('is empty when it was closed, in the middle of a file too', async () => {
    const hot = await open();
    await kept(hot, a);
    for (let time = 0; time < 2; time += 1) await hot.find(release, b);
    await hot[Symbol.asyncDispose]();
    expect(files()).toEqual([]);
  });

  it('may lie where nothing can be written: that is said, and shards are read from their blocks', async () => {
    await using hot = await open();
    writeFileSync(folder, 'in the way');
    for (let time = 0; time < 2; time += 1) await hot.find(release, a);
    await expect.poll(() => failures.map(({ code }) => code)).toEqual(['file_unreadable']);
    for (let time = 0; time < 4; time += 1) {
      expect(await hot.find(release, a)).toBeUndefined();
    }
    expect(failures).toHaveLength(1);
    rmSync(folder);
    now += 60_001;
    await kept(hot, a);
  });

  it.skipIf(noDisk !== '')(
    `leaves half of what is free, and nothing of a file for which there was no room${noDisk}`,
    async () => {
      using disk = smallDisk(24);
      folder = join(disk.path, 'hot-shards');
      const full: Pick<typeof content, 'read'> = {
        async *read(cid, options) {
          let is = 0;
          for await (const chunk of content.read(cid, options)) {
            // Others fill the disk meanwhile.
            if (is++ === 20) disk.fill(100_000);
            yield chunk;
          }
        },
      };
      await using hot = await open({}, full);
      disk.fill(2 * SIZE - 100_000);
      for (let time = 0; time < 4; time += 1) await hot.find(release, a);
      await settled();
      expect(files()).toEqual([]);
      disk.empty();
      for (let time = 0; time < 4; time += 1) await hot.find(release, a);
      await expect.poll(() => failures.map(({ code }) => code)).toEqual(['disk_full']);
      expect(files()).toEqual([]);
    },
  );
});

it('is a number of bytes that may be kept together, whatever is asked for', async () => {
  await using hot = await open({ maxBytes: SIZE });
  await Promise.all(shards.flatMap((shard) => [1, 2, 3].map(() => hot.find(release, shard))));
  await expect.poll(files).toHaveLength(1);
  for (let time = 0; time < 3; time += 1) {
    await Promise.all(shards.map((shard) => hot.find(release, shard)));
  }
  await settled();
  expect(files()).toHaveLength(1);
});
