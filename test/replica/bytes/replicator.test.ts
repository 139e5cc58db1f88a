import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Cid, CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import type { Did } from '../../../src/core/entries/did-key.ts';
import { ArchiveError } from '../../../src/core/errors.ts';
import type { PeerStream } from '../../../src/core/ports/network.ts';
import type { WantedAsset } from '../../../src/core/ports/replica-wants.ts';
import { fileTree } from '../../../src/core/unixfs/file-dag.ts';
import { encodeFileNode, encodeLeaf } from '../../../src/core/unixfs/file-node.ts';
import {
  BYTES_PROTOCOL,
  decodeAsks,
  encodeAsks,
  encodeRefusal,
  FrameBuffer,
  MAX_PARTS,
} from '../../../src/replica/bytes/protocol.ts';
import { remainderOf } from '../../../src/replica/bytes/remainder-of.ts';
import { sha256 } from '../../support/memory-content.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { type ByteNode, byteNode, bytesOf, feedOf, meet } from './node.ts';

const FOREVER = new AbortController().signal;
const MIB = 1_048_576;

const isRoot = process.getuid?.() === 0;

/** Flips a bit in a stored block of this node. */
async function damage(node: ByteNode, asset: Cid, segment: number): Promise<void> {
  const place = (await node.content.locate(asset))[segment];
  if (place === undefined) throw new RangeError('no such segment');
  const pack = readFileSync(place.path);
  pack[place.offset] = (pack[place.offset] ?? 0) ^ 1;
  writeFileSync(place.path, pack);
}

describe('a fresh replica', () => {
  it('fetches files of every shape, durably, and a second pass fetches nothing', async () => {
    const hub = new MemoryHub();
    await using a = await byteNode(hub, 1);
    await using b = await byteNode(hub, 2);
    const assets: WantedAsset[] = [];
    for (const size of [0, 1, 20_000, MIB, MIB + 1, 5 * MIB]) assets.push(await a.put(size));
    // A thousand leaves of which many are the same, and a file that shares leaves with it.
    assets.push(await a.put(Buffer.alloc(3 * MIB)));
    assets.push(await a.put(Buffer.concat([Buffer.alloc(2 * MIB), randomBytes(MIB)])));
    await meet(b, a);
    const replicator = b.replicator(assets);
    const report = await replicator.pass(FOREVER);
    expect(report).toMatchObject({ fetched: assets.length, unmet: 0, halted: null, failures: [] });
    for (const { cid } of assets) {
      expect(b.content.isRoot(cid)).toBe(true);
      expect((await bytesOf(b, cid)).equals(await bytesOf(a, cid))).toBe(true);
    }
    expect(await Array.fromAsync(b.content.verify())).toEqual([]);
    const again = await b.replicator(assets).pass(FOREVER);
    expect(again).toMatchObject({ fetched: 0, receivedBytes: 0 });
  });

  it('fetches thousands of small files in few messages', async () => {
    const hub = new MemoryHub();
    await using a = await byteNode(hub, 1);
    await using b = await byteNode(hub, 2);
    const assets: WantedAsset[] = [];
    for (let i = 0; i < 3000; i += 1) {
      const bytes = Buffer.from(`asset ${i}`);
      assets.push({ cid: (await a.content.putFile({ bytes })).cid, size: bytes.length });
    }
    await a.content.sync(assets.map(({ cid }) => cid));
    await meet(b, a);
    const { fetched } = await b.replicator(assets).pass(FOREVER);
    expect(fetched).toBe(3000);
  });

  it('takes from several partners at once, and from another what one of them lacks', async () => {
    const hub = new MemoryHub();
    await using a = await byteNode(hub, 1);
    await using c = await byteNode(hub, 3);
    await using b = await byteNode(hub, 2);
    const assets: WantedAsset[] = [];
    for (let i = 0; i < 40; i += 1) {
      const bytes = randomBytes(4 * MIB);
      assets.push(await a.put(bytes));
      if (i !== 7) await c.put(bytes);
    }
    await meet(b, a, c);
    const report = await b.replicator(assets).pass(FOREVER);
    expect(report).toMatchObject({ fetched: 40, unmet: 0 });
    const received = b.network.peers().map(({ receivedBytes }) => receivedBytes);
    expect(Math.min(...received)).toBeGreaterThan(4 * MIB);
    // Nothing is fetched twice.
    expect(report.receivedBytes).toBeLessThan(161 * MIB);
  }, 30_000);

  it('says who refuses what, and why', async () => {
    const hub = new MemoryHub();
    const secret: Cid[] = [];
    await using a = await byteNode(hub, 1, { mayHave: (_peer, cid) => !secret.includes(cid) });
    await using b = await byteNode(hub, 2);
    const hidden = await a.put(100);
    secret.push(hidden.cid);
    const open = await a.put(100);
    const elsewhere = await b.put(10);
    const unknown = { cid: (await strangeFile()).cid, size: 5 };
    const broken = await a.put(2 * MIB);
    await damage(a, broken.cid, 1);
    await meet(b, a);
    const wanted = [hidden, unknown, broken, open, elsewhere];
    const replicator = b.replicator(wanted);
    const report = await replicator.pass(FOREVER);
    expect(report).toMatchObject({ fetched: 1, unmet: 3 });
    const reasons = report.reasons.map(({ peer, because }) => [peer, because]);
    expect(reasons.sort()).toEqual([
      [a.did, 'damaged'],
      [a.did, 'not-allowed'],
      [a.did, 'not-held'],
    ]);
    expect(a.damaged).toEqual([broken.cid]);
    expect(b.content.isRoot(broken.cid)).toBe(false);
    // What was lacking is asked for again, and nothing else.
    secret.length = 0;
    expect(await replicator.pass(FOREVER)).toMatchObject({ fetched: 1, unmet: 2 });
  });
});

describe('what nobody has', () => {
  it('is asked for again after a pause that grows with how much of it there is, and at once by hand', async () => {
    const hub = new MemoryHub();
    const asked: Cid[] = [];
    const mayHave = (_peer: Did, cid: Cid) => asked.push(cid) > 0;
    await using a = await byteNode(hub, 1, { mayHave });
    await using b = await byteNode(hub, 2);
    await meet(b, a);
    const nowhere = Array.from({ length: 5_000 }, (_, i) => {
      const cid = cidFromDigest(CODEC.raw, sha256(Buffer.from(`nowhere ${i}`)));
      return { cid, size: 5 };
    });
    const replicator = b.replicator(nowhere);
    const patiently = () => replicator.pass(FOREVER, { isPatient: true });
    expect(await patiently()).toMatchObject({ unmet: nowhere.length });
    expect(asked).toHaveLength(nowhere.length);
    expect(replicator.pauseMs).toBeGreaterThan(nowhere.length / 2);
    expect(await patiently()).toMatchObject({ unmet: nowhere.length });
    expect(asked).toHaveLength(nowhere.length);
    await replicator.pass(FOREVER);
    expect(asked).toHaveLength(2 * nowhere.length);
  });
});

async function strangeFile(): Promise<WantedAsset> {
  await using other = await byteNode(new MemoryHub(), 9);
  return await other.put(5);
}

describe('a transfer that is cut short', () => {
  it('goes on block by block with another partner when one dies in the middle', async () => {
    const hub = new MemoryHub();
    await using a = await byteNode(hub, 1);
    await using c = await byteNode(hub, 3, {
      pace: async () => {
        sent += 1;
        if (sent === 20) hub.part(b.network, c.network);
      },
    });
    await using b = await byteNode(hub, 2);
    let sent = 0;
    const bytes = randomBytes(40 * MIB);
    const asset = await a.put(bytes);
    await c.put(bytes);
    await meet(b, c);
    const replicator = b.replicator([asset]);
    const first = await replicator.pass(FOREVER);
    expect(first).toMatchObject({ fetched: 0, unmet: 1 });
    expect(first.failures).toEqual([
      { peer: c.did, code: 'peer_unreachable', text: expect.any(String) },
    ]);
    await meet(b, a);
    const second = await replicator.pass(FOREVER);
    expect(second).toMatchObject({ fetched: 1, unmet: 0 });
    expect(first.receivedBytes).toBeGreaterThan(10 * MIB);
    expect(first.receivedBytes + second.receivedBytes).toBeLessThan(43 * MIB);
    expect((await bytesOf(b, asset.cid)).equals(bytes)).toBe(true);
  });

  it('ends with the pass when it is stopped, and keeps what came', async () => {
    const hub = new MemoryHub();
    const stop = new AbortController();
    let sent = 0;
    await using a = await byteNode(hub, 1, {
      pace: async () => {
        sent += 1;
        if (sent === 20) stop.abort();
      },
    });
    await using b = await byteNode(hub, 2);
    const asset = await a.put(40 * MIB);
    await meet(b, a);
    const report = await b.replicator([asset]).pass(stop.signal);
    expect(report).toMatchObject({ fetched: 0, halted: 'stopped' });
    const { from, parts } = await remainderOf(b.content, fileTree(asset.cid, asset.size));
    expect(from + parts.length).toBe(41);
    expect(from).toBeGreaterThan(5);
    expect(parts.length).toBeGreaterThan(0);
  });
});

/** Answers every ask in its own way. */
type Lie = (stream: PeerStream, asked: Cid, honest: ByteNode) => Promise<void>;

const lies: readonly (readonly [string, Lie])[] = [
  [
    'a block with other bytes',
    async (stream, asked, { content }) => {
      const bytes = Uint8Array.from(await content.getBlock(asked));
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await sendBlock(stream, asked, bytes);
    },
  ],
  [
    'another block',
    async (stream, _asked, { content, put }) => {
      const { cid } = await put(50);
      await sendBlock(stream, cid, await content.getBlock(cid));
    },
  ],
  [
    'a block more than was asked for',
    async (stream, asked, { content, put }) => {
      await sendBlock(stream, asked, await content.getBlock(asked));
      const { cid } = await put(50);
      await sendBlock(stream, cid, await content.getBlock(cid));
      await sendBlock(stream, cid, await content.getBlock(cid));
    },
  ],
  ['half a frame', (stream) => stream.send(Uint8Array.of(0, 100, 1, 2, 3))],
  ['a frame that never ends', (stream) => stream.send(Uint8Array.of(0, 255, 255, 255, 255, 1))],
  ['something that is no message', (stream) => stream.send(Uint8Array.of(99, 1, 2))],
  [
    'a refusal of something else',
    async (stream, _asked, { put }) => stream.send(encodeRefusal((await put(9)).cid, 'not-held')),
  ],
  ['the end', (stream) => stream.end()],
];

async function sendBlock(stream: PeerStream, cid: Cid, bytes: Uint8Array): Promise<void> {
  const buffer = new FrameBuffer();
  buffer.add(cid, bytes.length).set(bytes);
  await stream.send(buffer.take());
}

describe('a hostile partner', () => {
  it.each(lies)('that sends %s is named, and an honest one serves everything', async (_, lie) => {
    const hub = new MemoryHub();
    await using honest = await byteNode(hub, 1);
    await using hostile = await byteNode(hub, 3, { serves: false });
    await using b = await byteNode(hub, 2);
    hostile.network.handle(BYTES_PROTOCOL, async (stream) => {
      for await (const message of stream.messages) {
        const [ask] = decodeAsks(message);
        if (ask !== undefined) await lie(stream, ask.root, honest);
      }
    });
    const assets: WantedAsset[] = [];
    for (let i = 0; i < 5; i += 1) assets.push(await honest.put(1000 + i));
    await meet(b, hostile);
    const replicator = b.replicator(assets);
    const alone = await replicator.pass(FOREVER);
    expect(alone.failures).toEqual([
      { peer: hostile.did, code: 'peer_invalid', text: expect.any(String) },
    ]);
    const before = alone.fetched;
    await meet(b, honest);
    const report = await replicator.pass(FOREVER);
    expect(before + report.fetched).toBe(5);
    expect(report.failures.map(({ peer }) => peer)).not.toContain(honest.did);
    for (const { cid } of assets) expect(b.content.isRoot(cid)).toBe(true);
    expect(await Array.fromAsync(b.content.verify())).toEqual([]);
  });

  it('that asks for a block under an asset it may have, which is no part of it, gets nothing', async () => {
    const hub = new MemoryHub();
    await using a = await byteNode(hub, 1, { mayHave: (_peer, cid) => cid === shown.cid });
    await using b = await byteNode(hub, 2);
    const shown = await a.put(10);
    const hidden = await a.put(11);
    await meet(b, a);
    using stream = await b.network.open(a.did, BYTES_PROTOCOL);
    await stream.send(encodeAsks([{ root: shown.cid, from: 0, parts: [hidden.cid] }]));
    await expect(stream.receive()).rejects.toMatchObject({ code: 'peer_unreachable' });
  });

  it('that is revoked in the middle of a large asset gets no more of it', async () => {
    const hub = new MemoryHub();
    let messages = 0;
    await using a = await byteNode(hub, 1, {
      mayHave: () => messages < 5,
      pace: async () => {
        messages += 1;
      },
    });
    await using b = await byteNode(hub, 2);
    const asset = await a.put(30 * MIB);
    await meet(b, a);
    const report = await b.replicator([asset]).pass(FOREVER);
    expect(report).toMatchObject({ fetched: 0 });
    expect(report.receivedBytes).toBeLessThan(7 * MIB);
  });
});

describe('limits', () => {
  it('stops at the budget and goes on when there is more of it', async () => {
    const hub = new MemoryHub();
    await using a = await byteNode(hub, 1);
    await using b = await byteNode(hub, 2);
    const assets = [await a.put(MIB), await a.put(MIB), await a.put(MIB)];
    await meet(b, a);
    const feed = feedOf(assets);
    const options = { wanted: () => feed, budgetBytes: 2.5 * MIB };
    const replicator = b.replicator([], options);
    expect(await replicator.pass(FOREVER)).toMatchObject({
      fetched: 2,
      halted: 'budget',
      unmet: 1,
    });
    expect(await replicator.pass(FOREVER)).toMatchObject({ fetched: 0, halted: 'budget' });
    const larger = b.replicator(assets, { budgetBytes: 4 * MIB });
    expect(await larger.pass(FOREVER)).toMatchObject({ fetched: 1, halted: null });
  });

  it.skipIf(!isRoot)(
    'stops cleanly before the disk is full, and goes on when there is room',
    async () => {
      using disk = smallDisk(32);
      const hub = new MemoryHub();
      await using a = await byteNode(hub, 1);
      await using b = await byteNode(hub, 2, { folder: disk.path });
      const assets: WantedAsset[] = [];
      for (let i = 0; i < 6; i += 1) assets.push(await a.put(4 * MIB));
      disk.fill(12 * MIB);
      await meet(b, a);
      const replicator = b.replicator(assets, { reserveBytes: 2 * MIB });
      const report = await replicator.pass(FOREVER);
      expect(report).toMatchObject({ halted: 'disk-full', failures: [] });
      expect(report.fetched).toBeGreaterThan(0);
      expect(report.fetched).toBeLessThan(6);
      expect(await Array.fromAsync(b.content.verify())).toEqual([]);
      disk.empty();
      const rest = await replicator.pass(FOREVER);
      expect(rest).toMatchObject({ halted: null, unmet: 0 });
      expect(report.fetched + rest.fetched).toBe(6);
    },
  );

  it.skipIf(!isRoot)('survives a disk that others fill under its hands', async () => {
    using disk = smallDisk(32);
    const hub = new MemoryHub();
    let sent = 0;
    await using a = await byteNode(hub, 1, {
      pace: async () => {
        sent += 1;
        if (sent === 3) disk.fill(MIB);
      },
    });
    await using b = await byteNode(hub, 2, { folder: disk.path });
    const asset = await a.put(12 * MIB);
    await meet(b, a);
    const replicator = b.replicator([asset]);
    expect(await replicator.pass(FOREVER)).toMatchObject({ fetched: 0, halted: 'disk-full' });
    disk.empty();
    expect(await replicator.pass(FOREVER)).toMatchObject({ fetched: 1, halted: null });
    expect(await Array.fromAsync(b.content.verify())).toEqual([]);
  });
});

it('has damaged blocks fetched again and replaced', async () => {
  const hub = new MemoryHub();
  await using a = await byteNode(hub, 1);
  await using b = await byteNode(hub, 2);
  const asset = await a.put(3 * MIB);
  await meet(b, a);
  const replicator = b.replicator([asset]);
  await replicator.pass(FOREVER);
  await damage(b, asset.cid, 1);
  const problems = await Array.fromAsync(b.content.verify());
  expect(problems).toHaveLength(1);
  const cid = problems[0]?.subject as Cid;
  replicator.repair({
    root: asset.cid,
    size: asset.size,
    damaged: [{ cid, fileSize: MIB, depth: 1 }],
  });
  const report = await replicator.pass(FOREVER);
  expect(report.receivedBytes).toBeLessThan(1.1 * MIB);
  expect(await Array.fromAsync(b.content.verify())).toEqual([]);
  expect((await bytesOf(b, asset.cid)).equals(await bytesOf(a, asset.cid))).toBe(true);
});

it('has more blocks fetched again than one question may name', async () => {
  const hub = new MemoryHub();
  await using a = await byteNode(hub, 1);
  await using b = await byteNode(hub, 2);
  const leaves = Array.from({ length: MAX_PARTS + 50 }, (_, i) =>
    encodeLeaf(Buffer.from(`leaf ${i}`), sha256),
  );
  const root = encodeFileNode(leaves, sha256);
  for (const { cid, bytes } of [...leaves, root]) await a.content.putBlock(cid, bytes);
  await a.content.sync([root.cid]);
  await meet(b, a);
  const asset = { cid: root.cid, size: root.fileSize };
  const replicator = b.replicator([asset]);
  await replicator.pass(FOREVER);
  const [pack] = b.content.packs();
  const stored = readFileSync(String(pack?.path));
  for (const { path, offset } of await b.content.locate(root.cid)) {
    expect(path).toBe(pack?.path);
    stored[offset] = 0;
  }
  writeFileSync(String(pack?.path), stored);
  const damaged = leaves.map(({ cid, fileSize }) => ({ cid, fileSize, depth: 1 }));
  replicator.repair({ root: root.cid, size: root.fileSize, damaged });
  await replicator.pass(FOREVER);
  expect((await bytesOf(b, root.cid)).equals(await bytesOf(a, root.cid))).toBe(true);
  expect(await Array.fromAsync(b.content.verify())).toEqual([]);
});

it('ends a stream that another side breaks with an error of ours, never another', async () => {
  const hub = new MemoryHub();
  await using a = await byteNode(hub, 1);
  await using b = await byteNode(hub, 2);
  await meet(b, a);
  using stream = await b.network.open(a.did, BYTES_PROTOCOL);
  await stream.send(Uint8Array.of(1, 2, 3));
  await expect(stream.receive()).rejects.toBeInstanceOf(ArchiveError);
});
