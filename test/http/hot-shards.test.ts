import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemEnvirons } from '../../src/compose/system.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { noise } from '../support/release-members.ts';

/** Fewer than fill a shard. */
const WORKS = 5;
/** More than the sockets between a server and its reader hold. */
const SIZE = 3_000_000;

const works = Object.fromEntries(
  Array.from({ length: WORKS }, (_, index) => [`tune${index}.wav`, wave(noise(`${index}`, SIZE))]),
);
let home: ReleaseHome;
let base: string;
let folder: string;

beforeAll(async () => {
  home = await openReleaseHome(works, systemEnvirons, {
    releases: { hotBytes: 10 * WORKS * SIZE },
  });
  await home.show('public');
  base = `${home.node.url}/d/works/1.0.0`;
  folder = join(home.path, 'hot-shards');
});
afterAll(() => home[Symbol.asyncDispose]());

/** A minute of sound, or what passes for it. */
function wave(samples: Uint8Array): Uint8Array {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(48_000, 24);
  head.writeUInt32LE(96_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const files = () => (existsSync(folder) ? readdirSync(folder) : []);

async function live(): Promise<{ name: string; cid: string; size: number }> {
  const [shard] = JSON.parse(await (await fetch(`${base}/live.json`)).text()).shards;
  return shard;
}

async function bytesOf(name: string, init?: RequestInit): Promise<Buffer> {
  const response = await fetch(`${base}/${name}`, init);
  expect(response.ok).toBe(true);
  return Buffer.from(await response.arrayBuffer());
}

/** Reads a shard until it is kept as a file, and returns its bytes as they were read from blocks. */
async function keep(): Promise<{ shard: Awaited<ReturnType<typeof live>>; bytes: Buffer }> {
  const shard = await live();
  const bytes = await bytesOf(shard.name);
  await expect
    .poll(async () => {
      await bytesOf(shard.name, { headers: { range: 'bytes=0-0' } });
      return files();
    })
    .toEqual([`${shard.cid}.tar`]);
  return { shard, bytes };
}

async function hold(title: string): Promise<string> {
  const deadline = '2036-01-01T00:00:00Z';
  const words = { kind: 'hold', reason: 'PROVENANCE', source: 'steward', deadline };
  const subject = { assets: [home.assets.get(title)] };
  const said = await home.perform('stop', { words, subject });
  // What the operation gives.
  return (said as { id: string }).id;
}

describe('a shard that is kept as a file', () => {
  beforeEach(keep);

  it('is answered with the same bytes and headers as from its blocks, whole and in parts', async () => {
    const { shard, bytes } = await keep();
    const response = await fetch(`${base}/${shard.name}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ etag: `"${shard.cid}"`, 'x-withdrawal-revision': '0', 'accept-ranges': 'bytes' },
      ...{ 'content-type': 'application/x-tar', 'content-length': String(shard.size) },
    });
    for (const [from, to] of [
      [0, 0],
      [511, 2_000_000],
      [shard.size - 10, shard.size - 1],
    ] as const) {
      const part = await bytesOf(shard.name, { headers: { range: `bytes=${from}-${to}` } });
      expect(part.equals(bytes.subarray(from, to + 1))).toBe(true);
    }
    const past = { headers: { range: `bytes=${shard.size}-` } };
    expect((await fetch(`${base}/${shard.name}`, past)).status).toBe(416);
  });

  it('is answered from its blocks where somebody has written to the file', async () => {
    const { shard, bytes } = await keep();
    writeFileSync(join(folder, `${shard.cid}.tar`), noise('something else', shard.size));
    expect((await bytesOf(shard.name)).equals(bytes)).toBe(true);
  });

  it('is gone at once when one of its works is withdrawn, and what was begun before goes on', async () => {
    const { shard, bytes } = await keep();
    const begun = await fetch(`${base}/${shard.name}`);
    const reader = (begun.body as ReadableStream<Uint8Array>).getReader();
    const read = [(await reader.read()).value ?? new Uint8Array()];
    const withdrawn = home.assets.get('tune3.wav') as string;
    expect(bytes.includes(withdrawn)).toBe(true);
    const held = await hold('tune3.wav');
    // Nobody asks for anything of the release.
    await expect.poll(files).toEqual([]);
    const left = await live();
    expect(left.cid).not.toBe(shard.cid);
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      read.push(next.value);
    }
    expect(Buffer.concat(read).equals(bytes)).toBe(true);

    const again = await keep();
    expect(again.shard.cid).toBe(left.cid);
    for (const now of [again.bytes, await bytesOf(left.name)]) {
      expect(now.includes(withdrawn)).toBe(false);
      expect(now.length).toBe(left.size);
    }
    const subject = { assets: [withdrawn] };
    await home.perform('resolve', { of: [held], outcome: 'lifted', subject });
    await expect.poll(files).toEqual([]);
    expect((await bytesOf(shard.name)).equals(bytes)).toBe(true);
  });
});
