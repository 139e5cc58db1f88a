import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { type Cid, CODEC, cidFromDigest, cidToBytes } from '../../../src/core/cid.ts';
import type { BlockServer } from '../../../src/core/ports/block-exchange.ts';
import {
  type BitswapMessage,
  decodeMessage,
  encodeMessage,
  type Want,
} from '../../../src/network/bitswap/message.ts';
import { MessageReader } from '../../../src/network/bitswap/message-reader.ts';
import { BITSWAP } from '../../../src/network/bitswap/outbox.ts';
import type { NetworkOptions } from '../../../src/network/open-network.ts';
import { encodeNumber } from '../../../src/network/protobuf.ts';
import { openHeliaPeer } from '../../support/helia-peer.ts';
import { openHostilePeer } from '../../support/hostile-peer.ts';
import { openLoopbackNetwork } from '../../support/loopback-network.ts';
import { memoryBlocks } from '../../support/memory-blocks.ts';
import { createMemoryContent } from '../../support/memory-content.ts';

const SECRET = Buffer.from('secret');

const want = (cid: Cid, more: Partial<Want> = {}): Want => ({
  ...{ cid: cidToBytes(cid), isCancelled: false, isHave: false, sendDontHave: true },
  ...more,
});

const nobodysCids = (count: number): Cid[] =>
  Array.from({ length: count }, () => cidFromDigest(CODEC.raw, randomBytes(32)));

const framed = (message: Uint8Array) => Buffer.concat([encodeNumber(message.length), message]);

function isSent(send: () => void): boolean {
  try {
    send();
    return true;
  } catch {
    return false;
  }
}

/** A node that gives everybody all it has but one block, and an honest visitor. */
async function openHouse(options: Partial<NetworkOptions> = {}) {
  await using opened = new AsyncDisposableStack();
  const network = opened.use(
    await openLoopbackNetwork('node', { admits: () => 'visitor', ...options }),
  );
  const content = createMemoryContent();
  const secret = content.putFile(SECRET).cid;
  const server = memoryBlocks(content.blocks, (_, cid) => cid !== secret);
  const get = vi.fn<BlockServer['get']>(server.get);
  const has = vi.fn<BlockServer['has']>(server.has);
  network.blocks.serve({ ...server, get, has });
  const honest = opened.use(await openHeliaPeer('honest'));
  const [address = ''] = network.addresses;
  await honest.dial(address);
  const all = opened.move();
  return {
    ...{ network, content, secret, get, has, address, honest },
    codes: () => network.complaints().map(({ code }) => code),
    /** Honest visitors get what they want. */
    async works() {
      const bytes = randomBytes(100_000);
      const { cid } = content.putFile(bytes);
      expect((await honest.read(cid, 20_000)).equals(bytes)).toBe(true);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A peer that says what it likes, and reads what it is answered, or not. */
async function openMallory(name = 'mallory', { isReading = true } = {}) {
  const peer = await openHostilePeer(name);
  const answers: BitswapMessage[] = [];
  const raw: Uint8Array[] = [];
  await peer.answer(BITSWAP, async (stream) => {
    if (!isReading) return stream.pause();
    const reader = new MessageReader(stream, 10_000);
    const admit = async () => ({ [Symbol.dispose]: () => {} });
    for (let next = await reader.next(admit); next !== undefined; next = await reader.next(admit)) {
      raw.push(next.bytes);
      answers.push(decodeMessage(next.bytes));
    }
  });
  return {
    ...{ answers, raw },
    dial: peer.dial,
    open: (address: string) => peer.open(address, BITSWAP),
    async say(address: string, message: Partial<BitswapMessage>) {
      const stream = await peer.open(address, BITSWAP);
      stream.send(framed(encodeMessage(message)));
      await stream.hangUp();
    },
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

describe('what a visitor sends', () => {
  it('is not taken if it is too long, before it is here', async () => {
    await using house = await openHouse();
    await using mallory = await openMallory();
    const stream = await mallory.open(house.address);
    stream.send(Buffer.concat([encodeNumber(4_194_304), new Uint8Array(10)]));
    expect(await stream.closed).toBe('reset');
    expect(house.codes()).toEqual(['peer_invalid']);
    await house.works();
  });

  it('is not waited for when it stops in the middle', async () => {
    await using house = await openHouse({ bitswap: { graceMs: 200 } });
    await using mallory = await openMallory();
    for (const part of [Uint8Array.of(0x80), encodeNumber(5_000)]) {
      const stream = await mallory.open(house.address);
      stream.send(part);
      expect(await stream.closed).toBe('reset');
    }
    expect(house.network.complaints()).toMatchObject([{ code: 'peer_timeout', count: 2 }]);
    await house.works();
  });

  it('is no more at once than one long message, on however many streams', async () => {
    await using house = await openHouse({ bitswap: { graceMs: 300, requestBytes: 30_000 } });
    await using mallory = await openMallory();
    const streams = await Promise.all(
      Array.from({ length: 12 }, () => mallory.open(house.address)),
    );
    const message = Buffer.concat([encodeNumber(20_000), new Uint8Array(15_000)]);
    // Those over eight were dropped at once.
    const open = streams.filter((stream) => isSent(() => stream.send(message)));
    await Promise.all(open.map(({ closed }) => closed));
    await vi.waitFor(() => expect(house.codes()).toHaveLength(2));
    expect(house.codes().sort()).toEqual(['peer_refused', 'peer_timeout']);
    await house.works();
  });

  it('may be garbage', async () => {
    await using house = await openHouse();
    await using mallory = await openMallory();
    const garbage = [
      Buffer.alloc(100, 0xff),
      Buffer.from('0a7f', 'hex'),
      Buffer.alloc(200_000, Buffer.from('0a00', 'hex')),
    ];
    for (const bytes of garbage) {
      const stream = await mallory.open(house.address);
      stream.send(framed(bytes));
      expect(await stream.closed).toBe('reset');
    }
    expect(house.network.complaints()).toMatchObject([{ code: 'peer_invalid', count: 3 }]);
    const answer = { prefix: Uint8Array.of(1, 0x55, 0x12, 0x20), bytes: randomBytes(1_000) };
    const cids = [Uint8Array.of(0), randomBytes(36), new Uint8Array(5_000)];
    await mallory.say(house.address, {
      blocks: [answer, { prefix: randomBytes(900), bytes: new Uint8Array() }],
      presences: cids.map((cid) => ({ cid, isHere: false })),
      wants: cids.map((cid) => ({ ...want(house.secret), cid })),
    });
    await vi.waitFor(() => expect(mallory.answers.flatMap((one) => one.presences)).toHaveLength(2));
    await house.works();
  });
});

describe('what a visitor wants', () => {
  it('is answered in the same words where it is private and where it is nowhere', async () => {
    await using house = await openHouse();
    await using mallory = await openMallory();
    const [nowhere = house.secret] = nobodysCids(1);
    for (const cid of [house.secret, nowhere]) {
      const heard = mallory.raw.length;
      await mallory.say(house.address, { wants: [want(cid)] });
      await vi.waitFor(() => expect(mallory.raw).toHaveLength(heard + 1));
      await mallory.say(house.address, { wants: [want(cid, { isHave: true })] });
      await vi.waitFor(() => expect(mallory.raw).toHaveLength(heard + 2));
    }
    const said = mallory.raw.map((bytes) => Buffer.from(bytes).toString('hex'));
    const [name, other] = [house.secret, nowhere].map((cid) =>
      Buffer.from(cidToBytes(cid)).toString('hex'),
    );
    expect(said.slice(0, 2).map((hex) => hex.replace(name ?? '', ''))).toEqual(
      said.slice(2).map((hex) => hex.replace(other ?? '', '')),
    );
    await mallory.say(house.address, { wants: [want(house.secret, { sendDontHave: false })] });
    await house.works();
    expect(mallory.raw).toHaveLength(4);
  });

  it('is remembered up to a bound, and may be taken back as often as it likes', async () => {
    await using house = await openHouse({ bitswap: { wants: 100 } });
    await using mallory = await openMallory();
    await mallory.say(house.address, { wants: nobodysCids(3_000).map((cid) => want(cid)) });
    await vi.waitFor(() =>
      expect(mallory.answers.flatMap((one) => one.presences)).toHaveLength(100),
    );
    const storm = nobodysCids(2_000).map((cid) => want(cid, { isCancelled: true }));
    for (let i = 0; i < 5; i += 1) await mallory.say(house.address, { isFull: true, wants: storm });
    await house.works();
    expect(house.get).toHaveBeenCalledTimes(101);
    expect(house.codes()).toEqual([]);
  });

  it('comes no faster than its share', async () => {
    const rate = { wants: 200, bytes: 1_000_000 };
    await using house = await openHouse({ bitswap: { visitor: rate } });
    await using mallory = await openMallory();
    const started = performance.now();
    for (let i = 0; i < 3; i += 1) {
      await mallory.say(house.address, { wants: nobodysCids(200).map((cid) => want(cid)) });
    }
    await house.works();
    await vi.waitFor(
      () => expect(mallory.answers.flatMap((one) => one.presences)).toHaveLength(600),
      {
        timeout: 20_000,
      },
    );
    expect(performance.now() - started).toBeGreaterThan(1_500);
  });

  it('is not read from the disk while it takes nothing of what was sent', async () => {
    await using house = await openHouse({ bitswap: { graceMs: 500 } });
    await using mallory = await openMallory('mallory', { isReading: false });
    const cids = Array.from(
      { length: 40 },
      () => house.content.putFile(randomBytes(1_000_000)).cid,
    );
    await mallory.say(house.address, { wants: cids.map((cid) => want(cid)) });
    await vi.waitFor(() => expect(house.get).toHaveBeenCalled());
    await house.works();
    expect(house.get.mock.calls.length).toBeLessThan(15);
  });
});

describe('a visitor', () => {
  it('finds no place where there is none', async () => {
    await using house = await openHouse({ limits: { visitors: 2, crowdedMs: 1_000_000 } });
    await using idle = await openMallory('idle');
    await idle.dial(house.address);
    await using late = await openMallory('late');
    await late.dial(house.address).catch(() => {});
    await vi.waitFor(() => expect(house.codes()).toEqual(['peer_refused']));
    expect(house.network.peers()).toHaveLength(2);
    await house.works();
  });

  it('finds the place of the one that has gone without anything for longest', async () => {
    await using house = await openHouse({ limits: { visitors: 2, crowdedMs: 1 } });
    await using idle = await openMallory('idle');
    await idle.dial(house.address);
    await house.works();
    await using late = await openHeliaPeer('late');
    await late.dial(house.address);
    const dids = () => house.network.peers().map(({ peer }) => peer);
    await vi.waitFor(() => expect(dids().sort()).toEqual([house.honest.did, late.did].sort()));
    await house.works();
  });

  it('that is given nothing for long is let go', async () => {
    await using house = await openHouse({ limits: { visitorMs: 500, crowdedMs: 50 } });
    await using mallory = await openMallory();
    const connection = await mallory.dial(house.address);
    await mallory.say(house.address, { wants: nobodysCids(5).map((cid) => want(cid)) });
    await vi.waitFor(() => expect(connection.status).toBe('closed'), { timeout: 10_000 });
  });
});
