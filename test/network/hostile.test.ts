import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Network, Protocol } from '../../src/core/ports/network.ts';
import { FRAME } from '../../src/network/frames.ts';
import type { NetworkOptions } from '../../src/network/open-network.ts';
import { eventually } from '../support/eventually.ts';
import { openHostilePeer, openRawSocket } from '../support/hostile-peer.ts';
import { signerOf } from '../support/keys.ts';
import { openLoopbackNetwork } from '../support/loopback-network.ts';

const ECHO: Protocol = {
  name: '/ringfence/echo/1',
  strangers: false,
  maxMessageBytes: 65_536,
  idleMs: 300,
  maxStreams: 4,
};
const DOOR: Protocol = { ...ECHO, name: '/ringfence/door/1', strangers: true };

const honestDid = signerOf('honest').did;
const failure = (code: unknown) => expect.objectContaining({ code });

/** A node that echoes, and an honest member who talks to it. */
async function openHouse(options: Partial<NetworkOptions> = {}) {
  await using opened = new AsyncDisposableStack();
  const node = opened.use(await openLoopbackNetwork('node', options));
  const honest = opened.use(
    await openLoopbackNetwork('honest', { listen: [], ...networkKeyOf(options) }),
  );
  const failures: unknown[] = [];
  for (const protocol of [ECHO, DOOR]) {
    node.handle(protocol, async (stream) => {
      try {
        for await (const message of stream.messages) await stream.send(message);
      } catch (error) {
        failures.push(error);
        throw error;
      }
    });
  }
  await honest.dial(addressOf(node));
  const all = opened.move();
  return {
    node,
    address: addressOf(node),
    failures,
    /** Honest traffic still flows, and quickly. */
    async works() {
      const started = performance.now();
      using stream = await honest.open(node.did, ECHO);
      await stream.send(new TextEncoder().encode('hello'));
      expect(await stream.receive()).toEqual(new TextEncoder().encode('hello'));
      await stream.end();
      expect(await stream.receive()).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(5_000);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function networkKeyOf({ networkKey }: Partial<NetworkOptions>) {
  return networkKey === undefined ? {} : { networkKey };
}

function addressOf(node: Network): string {
  const [address] = node.addresses;
  if (address === undefined) throw new Error('the node listens nowhere');
  return address;
}

const codesOf = (node: Network) => node.complaints().map(({ code }) => code);

describe('a hostile peer on a stream', () => {
  it('is dropped when it announces more than is allowed, before it has sent it', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const stream = await mallory.open(house.address, ECHO.name);
    stream.sendFrame(FRAME.message, new Uint8Array(10), 0xffff_ffff);
    expect(await stream.closed).toBe('reset');
    expect(house.failures).toEqual([failure('peer_invalid')]);
    expect(house.node.complaints()).toMatchObject([{ from: mallory.did, code: 'peer_invalid' }]);
    await house.works();
  });

  it('is dropped for garbage', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const stream = await mallory.open(house.address, ECHO.name);
    stream.send(new Uint8Array(100).fill(0xaa));
    expect(await stream.closed).toBe('reset');
    expect(house.failures).toEqual([failure('peer_invalid')]);
    await house.works();
  });

  it('is dropped when it sends half a message and waits', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const stream = await mallory.open(house.address, ECHO.name);
    stream.sendFrame(FRAME.message, new Uint8Array(500), 1_000);
    expect(await stream.closed).toBe('reset');
    expect(house.failures).toEqual([failure('peer_timeout')]);
    await house.works();
  });

  it('is dropped when it sends a message a byte at a time', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const stream = await mallory.open(house.address, ECHO.name);
    stream.sendFrame(FRAME.message, new Uint8Array(1), 1_000);
    const drops = setInterval(() => {
      try {
        stream.send(new Uint8Array(1));
      } catch {
        clearInterval(drops);
      }
    }, 20);
    expect(await stream.closed).toBe('reset');
    clearInterval(drops);
    expect(house.failures).toEqual([failure('peer_timeout')]);
    await house.works();
  });

  it('does not pass off a stream that it cut as one that it finished', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const cut = await mallory.open(house.address, ECHO.name);
    cut.sendMessage(new Uint8Array(10));
    await cut.hangUp();
    await cut.closed;
    expect(house.failures).toEqual([failure('peer_unreachable')]);
    const torn = await mallory.open(house.address, ECHO.name);
    torn.sendFrame(FRAME.message, new Uint8Array(5), 10);
    await torn.hangUp();
    await torn.closed;
    expect(house.failures[1]).toEqual(failure('peer_invalid'));
    await house.works();
  });

  it('may reset in the middle of a message', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const stream = await mallory.open(house.address, ECHO.name);
    stream.sendFrame(FRAME.message, new Uint8Array(500), 1_000);
    await eventually(() => expect(house.node.peers()).toHaveLength(2));
    stream.reset();
    await eventually(() => expect(house.failures).toEqual([failure('peer_unreachable')]));
    await house.works();
  });

  it('gets only its share of streams, and loses those that it leaves idle', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const streams = await Promise.all(
      Array.from({ length: 64 }, () => mallory.open(house.address, ECHO.name)),
    );
    await house.works();
    await eventually(() => {
      const kinds = streams.map((stream) => stream.received()[0]);
      expect(kinds.filter((kind) => kind === FRAME.welcome)).toHaveLength(ECHO.maxStreams);
      expect(kinds.filter((kind) => kind === FRAME.refused)).toHaveLength(64 - ECHO.maxStreams);
    });
    await eventually(() => expect(house.failures).toHaveLength(ECHO.maxStreams));
    expect(house.failures).toEqual(Array(ECHO.maxStreams).fill(failure('peer_timeout')));
    await house.works();
  });

  it('has to wait when it sends more than its budget, and loses nothing', async () => {
    await using house = await openHouse({ budget: { messagesPerSecond: 200 } });
    await using eager = await openLoopbackNetwork('eager', { listen: [] });
    await eager.dial(house.address);
    using stream = await eager.open(house.node.did, ECHO);
    const started = performance.now();
    for (let number = 0; number < 300; number++) void stream.send(Uint8Array.of(number & 0xff));
    for (let number = 0; number < 300; number++) {
      expect(await stream.receive()).toEqual(Uint8Array.of(number & 0xff));
    }
    expect(performance.now() - started).toBeGreaterThan(400);
    expect(codesOf(house.node)).toEqual([]);
  });
});

describe('a hostile peer below the streams', () => {
  const yamuxHeader = (type: number, flags: number, stream: number, length: number) => {
    const header = Buffer.alloc(12);
    header.writeUInt8(type, 1);
    header.writeUInt16BE(flags, 2);
    header.writeUInt32BE(stream, 4);
    header.writeUInt32BE(length, 8);
    return header;
  };

  it('is cut off when it announces a frame that no window allows', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const connection = await mallory.dial(house.address);
    const gone = once(connection, 'close');
    mallory.inject(yamuxHeader(0, 1, 1, 0xffff_ffff));
    await gone;
    await eventually(() => expect(codesOf(house.node)).toEqual(['peer_invalid']));
    await house.works();
  });

  it('is cut off when it floods the connection with pings', async () => {
    await using house = await openHouse();
    await using mallory = await openHostilePeer('mallory');
    const connection = await mallory.dial(house.address);
    const gone = once(connection, 'close');
    const pings = Buffer.concat(
      Array.from({ length: 30_000 }, (_, number) => yamuxHeader(2, 1, 0, number)),
    );
    mallory.inject(pings);
    await gone;
    await eventually(() => expect(codesOf(house.node)).toContain('peer_invalid'));
    await house.works();
  });

  it.each(['tcp', 'ws'])('may send 20 MB of garbage to the %s socket', async (transport) => {
    await using house = await openHouse({
      listen: [`/ip4/127.0.0.1/tcp/0${transport === 'ws' ? '/ws' : ''}`],
    });
    for (const first of [0x00, 0x47, 0xff]) {
      using raw = await openRawSocket(house.address);
      raw.socket.write(Buffer.alloc(20_000_000, 0x2a).fill(first, 0, 1));
      await raw.closed;
    }
    await house.works();
  });

  it('may send bad frames once it has become a WebSocket', async () => {
    await using house = await openHouse({ listen: ['/ip4/127.0.0.1/tcp/0/ws'] });
    using raw = await openRawSocket(house.address);
    raw.socket.write(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    const [answer] = await once(raw.socket, 'data');
    expect(String(answer)).toContain('101 Switching');
    raw.socket.write(Buffer.alloc(1_000, 0xff));
    await raw.closed;
    await house.works();
  });

  it('cannot keep the node from ending by saying nothing', async () => {
    const house = await openHouse({
      listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
    });
    using sockets = new DisposableStack();
    for (const address of house.node.addresses) sockets.use(await openRawSocket(address));
    const started = performance.now();
    await house[Symbol.asyncDispose]();
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('gets only so many connections from one address', async () => {
    await using house = await openHouse({ limits: { perAddress: 4 } });
    using sockets = new DisposableStack();
    for (let number = 0; number < 6; number++) sockets.use(await openRawSocket(house.address));
    await eventually(() => {
      expect(house.node.complaints()).toMatchObject([
        { from: '/ip4/127.0.0.1', code: 'peer_refused', count: 3 },
      ]);
    });
    await house.works();
  });

  it('gets only so many connections in a second', async () => {
    await using house = await openHouse({ limits: { perAddressPerSecond: 3 } });
    using sockets = new DisposableStack();
    for (let number = 0; number < 20; number++) sockets.use(await openRawSocket(house.address));
    await eventually(() => expect(codesOf(house.node)).toContain('peer_refused'));
    await house.works();
  });
});

describe('who a peer is', () => {
  it('must be who the address says', async () => {
    await using house = await openHouse();
    await using other = await openLoopbackNetwork('other');
    const [, peerId] = addressOf(other).split('/p2p/');
    const address = house.address.replace(/\/p2p\/.*/, `/p2p/${peerId}`);
    await using dialler = await openLoopbackNetwork('dialler', { listen: [] });
    await expect(dialler.dial(address)).rejects.toEqual(failure('peer_refused'));
    await house.works();
  });

  it('must have the network key, if there is one', async () => {
    const networkKey = new Uint8Array(32).fill(7);
    const limits = { handshakeMs: 500 };
    await using house = await openHouse({ networkKey, limits });
    await house.works();
    for (const wrong of [new Uint8Array(32).fill(8), undefined]) {
      await using outsider = await openLoopbackNetwork('outsider', {
        listen: [],
        limits,
        ...(wrong === undefined ? {} : { networkKey: wrong }),
      });
      // Each may wait for the rest of what it takes for a long message.
      await expect(outsider.dial(house.address)).rejects.toEqual(
        failure(expect.stringMatching(/^peer_(refused|unreachable)$/)),
      );
    }
    await eventually(() => expect(codesOf(house.node)).toContain('peer_invalid'));
    await house.works();
  });

  it('is let go as a stranger when its time is up, or when it has said enough', async () => {
    await using house = await openHouse({
      admits: (did) => (did === honestDid ? 'member' : 'stranger'),
      limits: { strangerMs: 300 },
    });
    await using mallory = await openHostilePeer('mallory');
    const waiting = await mallory.dial(house.address);
    await once(waiting, 'close');
    const talking = await mallory.open(house.address, DOOR.name);
    for (let number = 0; number < 20; number++) talking.sendMessage(new Uint8Array(10));
    await talking.closed;
    await eventually(() => expect(house.node.peers()).toHaveLength(1));
    await house.works();
  });

  it('is turned away as a stranger when there are too many', async () => {
    await using house = await openHouse({
      admits: (did) => (did === honestDid ? 'member' : 'stranger'),
      limits: { strangers: 2 },
    });
    await using strangers = new AsyncDisposableStack();
    for (const name of ['one', 'two', 'three']) {
      const stranger = strangers.use(await openHostilePeer(name));
      await stranger.dial(house.address).catch(() => {});
    }
    await eventually(() => expect(codesOf(house.node)).toEqual(['peer_refused']));
    expect(house.node.peers()).toHaveLength(3);
    await house.works();
  });
});
