import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cid, CODEC, cidFromDigest } from '../../src/core/cid.ts';
import type { ContentStore } from '../../src/core/ports/content-store.ts';
import { encodeFileNode } from '../../src/core/unixfs/file-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import zeroFiles from '../vectors/unixfs/zero-files.json' with { type: 'json' };

const MiB = 1_048_576;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

/** What every content store does. `open` gives an empty one. */
export function describeContentStore(
  name: string,
  open: () => Promise<ContentStore & AsyncDisposable>,
): void {
  describe(name, () => {
    it.each(zeroFiles.filter(({ size }) => size <= 17 * MiB))(
      'gives $comment of zeros the CID of Kubo, from memory and from disk',
      async ({ size, cid }) => {
        using folder = temporaryFolder();
        await using store = await open();
        const path = join(folder.path, 'zeros');
        writeFileSync(path, '');
        truncateSync(path, size);
        const fromDisk = await store.putFile({ path });
        const fromMemory = await store.putFile({ bytes: new Uint8Array(size) });
        expect(fromDisk).toMatchObject({ cid, size });
        expect(fromMemory).toEqual({ ...fromDisk, addedBytes: 0 });
        expect(await store.stat(fromDisk.cid)).toEqual({ size, dagSize: fromDisk.dagSize });
      },
    );

    it('stores a file once: again from disk, from memory or under another name adds nothing', async () => {
      using folder = temporaryFolder();
      await using store = await open();
      for (const size of [0, 20_000, MiB, 3 * MiB + 7]) {
        const bytes = randomBytes(size);
        const names = [Buffer.from('a\nb'), Buffer.from([0x66, 0xff, 0xfe])];
        const paths = names.map((file) => Buffer.concat([Buffer.from(`${folder.path}/`), file]));
        for (const path of paths) writeFileSync(path, bytes);
        const first = await store.putFile({ path: paths[0] ?? '' });
        expect(first).toMatchObject({ size, addedBytes: expect.any(Number) });
        expect(first.addedBytes).toBeGreaterThan(size);
        const again = { ...first, addedBytes: 0 };
        expect(await store.putFile({ path: paths[0] ?? '' })).toEqual(again);
        await store.sync([first.cid]);
        expect(await store.putFile({ path: paths[1] ?? '' })).toEqual(again);
        expect(await store.putFile({ bytes })).toEqual(again);
      }
    });

    it('stores a list of files as it stores each, in their order, and says which it refused', async () => {
      using folder = temporaryFolder();
      await using store = await open();
      const sizes = [...Array(300).keys()].map((i) => [i * 97, MiB, MiB + i, 0][i % 4] ?? 0);
      const large = sizes.map((size, i) => (size > MiB && i > 20 ? 7 : size));
      const files = large.map((size, i) => ({
        path: join(folder.path, `${i}`),
        bytes: randomBytes(size),
      }));
      for (const { path, bytes } of files) writeFileSync(path, bytes);
      const link = join(folder.path, 'link');
      symlinkSync(files[0]?.path ?? '', link);
      const offered = [...files.map(({ path }) => path), folder.path, files[1]?.path ?? '', link];
      const stored = await Array.fromAsync(store.putFiles(offered));
      expect(stored).toHaveLength(offered.length);
      for (const [i, { bytes }] of files.entries()) {
        expect(await store.putFile({ bytes })).toEqual({ ...stored[i], addedBytes: 0 });
      }
      const refused = expect.objectContaining({ code: 'file_unreadable' });
      expect(stored.slice(-3)).toEqual([refused, { ...stored[1], addedBytes: 0 }, refused]);
    });

    it('goes on with another list after a caller has left one in the middle', async () => {
      using folder = temporaryFolder();
      await using store = await open();
      const files = [...Array(200).keys()].map((i) => ({
        path: join(folder.path, `${i}`),
        bytes: randomBytes(30_000 + i),
      }));
      for (const { path, bytes } of files) writeFileSync(path, bytes);
      const paths = files.map(({ path }) => path);
      for await (const _first of store.putFiles(paths)) break;
      const given = new AbortController();
      const rest = Array.fromAsync(store.putFiles(paths, { signal: given.signal }));
      given.abort();
      await expect(rest).rejects.toMatchObject({ code: 'aborted' });
      const lists = [paths, paths.toReversed()].map((list) =>
        Array.fromAsync(store.putFiles(list)),
      );
      const [forwards, backwards] = await Promise.all(lists);
      for (const [i, { bytes }] of files.entries()) {
        const { cid } = await store.putFile({ bytes });
        expect(forwards?.[i]).toMatchObject({ cid });
        expect(backwards?.[files.length - 1 - i]).toMatchObject({ cid });
      }
    });

    it('reads any range of a file, verified, and says where its bytes lie', async () => {
      await using store = await open();
      const bytes = randomBytes(2 * MiB + 12_345);
      const { cid } = await store.putFile({ bytes });
      const segments = await store.locate(cid);
      const located = segments.map(({ path, offset, length }) =>
        readFileSync(path).subarray(offset, offset + length),
      );
      expect(Buffer.concat(located).equals(bytes)).toBe(true);
      expect((await readAll(store.read(cid))).equals(bytes)).toBe(true);
      const position = fc.oneof(
        fc.integer({ min: 0, max: bytes.length + 10 }),
        fc.constantFrom(0, MiB - 1, MiB, MiB + 1, 2 * MiB, bytes.length - 1, bytes.length),
      );
      await fc.assert(
        fc.asyncProperty(position, position, async (offset, length) => {
          const range = await readAll(store.read(cid, { offset, length }));
          expect(range.equals(bytes.subarray(offset, offset + length))).toBe(true);
        }),
        { numRuns: 60 },
      );
    });

    it('reads a file composed of leaves and other files', async () => {
      await using store = await open();
      const header = await store.putFile({ bytes: Buffer.from('header') });
      const body = await store.putFile({ bytes: randomBytes(MiB + 1) });
      const links = [header, body, header].map(({ cid, size, dagSize }) => {
        return { cid, fileSize: size, dagSize };
      });
      const shard = encodeFileNode(links, sha256);
      await store.putBlock(shard.cid, shard.bytes);
      await store.sync([shard.cid]);
      const { fileSize: size, dagSize } = shard;
      expect(await store.stat(shard.cid)).toEqual({ size, dagSize });
      const expected = Buffer.concat([
        Buffer.from('header'),
        await readAll(store.read(body.cid)),
        Buffer.from('header'),
      ]);
      expect((await readAll(store.read(shard.cid))).equals(expected)).toBe(true);
      expect(await store.locate(shard.cid)).toHaveLength(4);
    });

    it('refuses a file whose nodes claim other sizes than there are', async () => {
      await using store = await open();
      const leaf = await store.putFile({ bytes: Buffer.from('leaf') });
      const lie = encodeFileNode([{ cid: leaf.cid, fileSize: 5, dagSize: 5 }], sha256);
      await store.putBlock(lie.cid, lie.bytes);
      await expect(readAll(store.read(lie.cid))).rejects.toMatchObject({ code: 'input_invalid' });
    });

    it('keeps single blocks, and refuses those that lie or are too big to travel', async () => {
      await using store = await open();
      const bytes = Buffer.from('a block');
      const cid = cidFromDigest(CODEC.dagCbor, sha256(bytes));
      expect(await store.has(cid)).toBe(false);
      await expect(store.getBlock(cid)).rejects.toMatchObject({ code: 'block_missing' });
      await expect(store.sync([cid])).rejects.toMatchObject({ code: 'block_missing' });
      expect(await store.stat(cid)).toBeUndefined();
      await store.putBlock(cid, bytes);
      expect(await store.has(cid)).toBe(true);
      expect(await store.getBlock(cid)).toEqual(new Uint8Array(bytes));
      const refused = { code: 'input_invalid' };
      await expect(store.putBlock(cid, Buffer.from('another'))).rejects.toMatchObject(refused);
      const big = new Uint8Array(2 * MiB + 1);
      const bigCid = cidFromDigest(CODEC.raw, sha256(big));
      await expect(store.putBlock(bigCid, big)).rejects.toMatchObject(refused);
    });

    it('finds a block that it did not have when it was asked for, after every commit', async () => {
      await using store = await open();
      const bytes = Buffer.from('asked for too early');
      const cid = cidFromDigest(CODEC.raw, sha256(bytes));
      const committed = async (blocks: readonly Uint8Array[]) => {
        for (const block of blocks) await store.putFile({ bytes: block });
        await store.sync([]);
        return await store.has(cid);
      };
      expect(await store.has(cid)).toBe(false);
      expect(await committed([])).toBe(false);
      expect(await committed([bytes])).toBe(true);
      expect(await committed([Buffer.from('one behind it')])).toBe(true);
      expect(await committed([Buffer.from('another one')])).toBe(true);
    });

    it('reads a block to where it is told, committed or not', async () => {
      await using store = await open();
      const { cid } = await store.putFile({ bytes: Buffer.from('a block') });
      const page = new Uint8Array(20);
      const places: ((byteLength: number) => Uint8Array)[] = [
        (byteLength) => page.subarray(1, 1 + byteLength),
        (byteLength) => page.subarray(10, 10 + byteLength),
      ];
      for (const place of places) {
        expect(String(Buffer.from(await store.getBlock(cid, place)))).toBe('a block');
        await store.sync([cid]);
      }
      expect(String(Buffer.from(page))).toBe('\0a block\0\0a block\0\0\0');
    });

    it('takes a block while its caller goes on to use the buffer', async () => {
      await using store = await open();
      const buffer = Buffer.from('first');
      const first = await store.putFile({ bytes: buffer });
      buffer.write('other');
      expect(String(Buffer.from(await store.getBlock(first.cid)))).toBe('first');
    });

    it.each([0, 3, 6_000])('keeps a directory of %d names', async (count) => {
      await using store = await open();
      const file = await store.putFile({ bytes: Buffer.from('content') });
      const names = Array.from({ length: count }, (_, i) => `näme ${i} \\ \n${'x'.repeat(i % 40)}`);
      const entries = names.map((entry) => ({ name: entry, cid: file.cid, dagSize: file.dagSize }));
      const directory = await store.putDirectory(entries);
      await store.sync([directory.cid]);
      const listed: { name: string; cid: Cid }[] = [];
      for await (const entry of store.list(directory.cid)) listed.push(entry);
      expect(listed.map((entry) => entry.name).sort()).toEqual([...names].sort());
      expect(new Set(listed.map(({ cid }) => cid)).size).toBe(Math.min(1, count));
      expect(await store.putDirectory(entries.toReversed())).toEqual(directory);
      expect(directory.dagSize).toBeGreaterThanOrEqual(count * file.dagSize);
    });

    it.each(['', '.', '..', 'a/b', 'a\0b', '\ud800'])('refuses the name %j', async (bad) => {
      await using store = await open();
      const { cid, dagSize } = await store.putFile({ bytes: Buffer.from('content') });
      await expect(store.putDirectory([{ name: bad, cid, dagSize }])).rejects.toMatchObject({
        code: 'input_invalid',
      });
    });

    it('refuses a name given twice, and a file where a directory is asked for', async () => {
      await using store = await open();
      const { cid, dagSize } = await store.putFile({ bytes: Buffer.from('content') });
      const twice = [cid, cid].map(() => ({ name: 'a', cid, dagSize }));
      const refused = { code: 'input_invalid' };
      await expect(store.putDirectory(twice)).rejects.toMatchObject(refused);
      await expect(Array.fromAsync(store.list(cid))).rejects.toMatchObject(refused);
    });

    it('refuses what is no ordinary file, without waiting for it', async () => {
      using folder = temporaryFolder();
      await using store = await open();
      const at = (file: string) => join(folder.path, file);
      writeFileSync(at('file'), 'content');
      symlinkSync(at('file'), at('link'));
      mkdirSync(at('folder'));
      if (process.platform !== 'win32') execFileSync('mkfifo', [at('pipe')]);
      for (const path of ['link', 'folder', 'pipe', 'nothing'].map(at)) {
        await expect(store.putFile({ path })).rejects.toMatchObject({ code: 'file_unreadable' });
      }
    });

    it('stops when asked to, before or while a file is stored', async () => {
      using folder = temporaryFolder();
      await using store = await open();
      const path = join(folder.path, 'big');
      writeFileSync(path, '');
      truncateSync(path, 200 * MiB);
      const before = await store.stats();
      const signal = AbortSignal.abort();
      await expect(store.putFile({ path }, { signal })).rejects.toMatchObject({ code: 'aborted' });
      const stop = new AbortController();
      const put = store.putFile({ path }, { signal: stop.signal });
      setImmediate(() => stop.abort());
      await expect(put).rejects.toMatchObject({ code: 'aborted' });
      await store.sync([]);
      expect(await store.stats()).toEqual(before);
    });

    it('finds nothing wrong with itself, and counts what it read', async () => {
      await using store = await open();
      const { cid } = await store.putFile({ bytes: randomBytes(9 * MiB) });
      await store.sync([cid]);
      let read = { bytes: 0, blocks: 0 };
      const problems = store.verify({ onProgress: (done) => (read = done) });
      expect(await Array.fromAsync(problems)).toEqual([]);
      expect(read.blocks).toBe((await store.stats()).blocks);
      expect(read.bytes).toBeGreaterThan(9 * MiB);
    });
  });
}
