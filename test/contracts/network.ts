import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Did } from '../../src/core/entries/did-key.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type {
  Answer,
  Network,
  PeerStanding,
  PeerStream,
  Protocol,
} from '../../src/core/ports/network.ts';
import { eventually } from '../support/eventually.ts';
import { signerOf } from '../support/keys.ts';

/** Nodes that can reach each other. */
export interface OpenedNetworks extends AsyncDisposable {
  /** Opens a node with the test key of that name; everybody is a member unless `admits` differs. */
  node(name: string, admits?: (did: Did) => PeerStanding): Promise<Network & AsyncDisposable>;
}

const TALK: Protocol = {
  name: '/ringfence/talk/1',
  strangers: false,
  maxMessageBytes: 65_536,
  idleMs: 5_000,
  maxStreams: 4,
};

const echo: Answer = async (stream) => {
  for await (const message of stream.messages) await stream.send(message);
};

/** An answer that waits until the test ends it. */
const wait: Answer = (_, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

const text = (value: string) => new TextEncoder().encode(value);
const failure = (code: string) => expect.objectContaining({ code });

/** What every network does. */
export function describeNetwork(name: string, open: () => Promise<OpenedNetworks>): void {
  /** Two nodes of which `a` has dialled `b`, and b answers with `answer`. */
  async function pair(answer: Answer, protocol = TALK) {
    const networks = await open();
    const a = await networks.node('a');
    const b = await networks.node('b');
    b.handle(protocol, answer);
    await a.dial(addressOf(b));
    return { a, b, [Symbol.asyncDispose]: () => networks[Symbol.asyncDispose]() };
  }

  describe(name, () => {
    it('tells whose key is at the other end, on both sides', async () => {
      await using networks = await open();
      const a = await networks.node('a');
      const b = await networks.node('b');
      expect(a.did).toBe(signerOf('a').did);
      expect(await a.dial(addressOf(b))).toBe(b.did);
      await eventually(() => expect(b.peers()).toHaveLength(1));
      expect(a.peers()).toMatchObject([{ peer: b.did, direction: 'outbound', standing: 'member' }]);
      expect(b.peers()).toMatchObject([{ peer: a.did, direction: 'inbound', standing: 'member' }]);
      expect(await a.dial(addressOf(b))).toBe(b.did);
      expect(a.peers()).toHaveLength(1);
    });

    it('carries whole messages in order, both ways, of every length up to the bound', async () => {
      await using opened = await pair(echo);
      using stream = await opened.a.open(opened.b.did, TALK);
      expect(stream.peer).toBe(opened.b.did);
      for (const length of [0, 1, 1_000, TALK.maxMessageBytes]) {
        const message = new Uint8Array(length).fill(length);
        await stream.send(message);
        expect(await stream.receive()).toEqual(message);
      }
      await stream.end();
      expect(await stream.receive()).toBeUndefined();
      expect(await stream.receive()).toBeUndefined();
    });

    it('carries long messages to somebody who reads them slowly', async () => {
      const long = { ...TALK, maxMessageBytes: 1_200_000 };
      const message = new Uint8Array(1_100_000).fill(7);
      await using opened = await pair(async (stream) => {
        for (let i = 0; i < 40; i += 1) await stream.send(message.slice());
      }, long);
      using stream = await opened.a.open(opened.b.did, long);
      let received = 0;
      for await (const { length } of stream.messages) {
        received += length;
        await delay(1);
      }
      expect(received).toBe(40 * message.length);
    });

    it('has done with a buffer when a message of it is sent, on several streams at once', async () => {
      const long = { ...TALK, maxMessageBytes: 300_000 };
      await using opened = await pair(async (stream) => {
        for await (const message of stream.messages) {
          const isWhole = message.every((byte) => byte === message[0]);
          await stream.send(Uint8Array.of(isWhole ? (message[0] ?? 0) : 255));
        }
      }, long);
      const talk = async () => {
        using stream = await opened.a.open(opened.b.did, long);
        const buffer = new Uint8Array(long.maxMessageBytes);
        for (let number = 1; number <= 20; number += 1) await stream.send(buffer.fill(number));
        for (let number = 1; number <= 20; number += 1) {
          expect(await stream.receive()).toEqual(Uint8Array.of(number));
        }
      };
      await Promise.all([talk(), talk(), talk(), talk()]);
    });

    it('puts a message that is given a buffer where it belongs, or into one of its own', async () => {
      const long = { ...TALK, maxMessageBytes: 300_000 };
      await using opened = await pair(echo, long);
      using stream = await opened.a.open(opened.b.did, long);
      const buffer = new Uint8Array(200_000);
      for (const length of [0, 1, 20_000, 200_000, 300_000]) {
        const message = new Uint8Array(length).fill(7);
        void stream.send(message);
        expect(Uint8Array.from((await stream.receive(buffer)) ?? [])).toEqual(message);
      }
    });

    it('keeps the order of messages whose sending nobody awaited', async () => {
      await using opened = await pair(echo);
      using stream = await opened.a.open(opened.b.did, TALK);
      for (let number = 0; number < 100; number++) void stream.send(text(`${number}`));
      for (let number = 0; number < 100; number++) {
        expect(await stream.receive()).toEqual(text(`${number}`));
      }
    });

    it('lets a side go on sending after the other has ended', async () => {
      await using opened = await pair(async (stream) => {
        let count = 0;
        for await (const _ of stream.messages) count++;
        await stream.send(text(`${count}`));
      });
      using stream = await opened.a.open(opened.b.did, TALK);
      await stream.send(text('one'));
      await stream.send(text('two'));
      await stream.end();
      expect(await stream.receive()).toEqual(text('2'));
      expect(await stream.receive()).toBeUndefined();
    });

    it('reads on where a loop over the messages was left', async () => {
      await using opened = await pair(echo);
      using stream = await opened.a.open(opened.b.did, TALK);
      for (const word of ['a', 'b', 'c']) await stream.send(text(word));
      for await (const message of stream.messages) {
        expect(message).toEqual(text('a'));
        break;
      }
      expect(await stream.receive()).toEqual(text('b'));
      for await (const message of stream.messages) {
        expect(message).toEqual(text('c'));
        break;
      }
    });

    it('makes a sender wait while nobody reads, and delivers everything afterwards', async () => {
      const go = Promise.withResolvers<void>();
      const lengths: number[] = [];
      await using opened = await pair(async (stream) => {
        await go.promise;
        for await (const { length } of stream.messages) lengths.push(length);
        await stream.send(text('read'));
      });
      using stream = await opened.a.open(opened.b.did, TALK);
      const message = new Uint8Array(TALK.maxMessageBytes);
      let sent = 0;
      const sending = (async () => {
        while (sent < 400) {
          await stream.send(message);
          sent++;
        }
        await stream.end();
      })();
      let before = -1;
      while (before !== sent) {
        before = sent;
        await delay(100);
      }
      expect(sent).toBeLessThan(200);
      go.resolve();
      await sending;
      expect(await stream.receive()).toEqual(text('read'));
      expect(lengths).toEqual(Array(400).fill(message.length));
    });

    it('delivers what was ended before the stream was given up', async () => {
      const read = Promise.withResolvers<string[]>();
      await using opened = await pair(async (stream) => {
        const words: string[] = [];
        for await (const message of stream.messages) words.push(new TextDecoder().decode(message));
        read.resolve(words);
      });
      {
        using stream = await opened.a.open(opened.b.did, TALK);
        await stream.send(text('last'));
        await stream.send(text('words'));
        await stream.end();
      }
      expect(await read.promise).toEqual(['last', 'words']);
    });

    it('aborts both sides at once, each with its reason', async () => {
      const seen = Promise.withResolvers<unknown>();
      const fired = Promise.withResolvers<void>();
      await using opened = await pair(async (stream, signal) => {
        signal.addEventListener('abort', () => fired.resolve());
        for (;;) {
          await stream.receive().catch((error: unknown) => {
            seen.resolve(error);
            throw error;
          });
        }
      });
      const stream = await opened.a.open(opened.b.did, TALK);
      await stream.send(text('hello'));
      const waiting = stream.receive();
      stream.abort(new ArchiveError('peer_invalid', 'enough'));
      stream.abort(new ArchiveError('aborted', 'twice'));
      await expect(waiting).rejects.toEqual(failure('peer_invalid'));
      await expect(stream.send(text('more'))).rejects.toEqual(failure('peer_invalid'));
      await expect(stream.receive()).rejects.toEqual(failure('peer_invalid'));
      await expect(stream.end()).rejects.toEqual(failure('peer_invalid'));
      expect(await seen.promise).toEqual(failure('peer_unreachable'));
      await fired.promise;
    });

    it('aborts a stream that is given up unfinished', async () => {
      const seen = Promise.withResolvers<unknown>();
      await using opened = await pair((stream) =>
        stream.receive().then(
          () => {},
          (error: unknown) => seen.resolve(error),
        ),
      );
      (await opened.a.open(opened.b.did, TALK))[Symbol.dispose]();
      expect(await seen.promise).toEqual(failure('peer_unreachable'));
    });

    it('ends a stream whose peer sends a longer message than allowed', async () => {
      const seen = Promise.withResolvers<unknown>();
      await using opened = await pair(
        (stream) =>
          stream.receive().then(
            () => {},
            (error: unknown) => seen.resolve(error),
          ),
        { ...TALK, maxMessageBytes: 1_000 },
      );
      const stream = await opened.a.open(opened.b.did, TALK);
      await stream.send(new Uint8Array(1_001)).catch(() => {});
      expect(await seen.promise).toEqual(failure('peer_invalid'));
      await expect(stream.receive()).rejects.toEqual(failure('peer_unreachable'));
      expect(opened.b.complaints()).toMatchObject([
        { from: opened.a.did, code: 'peer_invalid', count: 1 },
      ]);
      await expect(
        (await opened.a.open(opened.b.did, TALK)).send(new Uint8Array(TALK.maxMessageBytes + 1)),
      ).rejects.toThrow(RangeError);
    });

    it('gives up waiting for a peer that says nothing', async () => {
      await using opened = await pair(wait);
      const stream = await opened.a.open(opened.b.did, { ...TALK, idleMs: 100 });
      await expect(stream.receive()).rejects.toEqual(failure('peer_timeout'));
    });

    it('gives up waiting for a peer that takes nothing', async () => {
      await using opened = await pair(wait);
      const stream = await opened.a.open(opened.b.did, { ...TALK, idleMs: 100 });
      const flood = async () => {
        for (;;) await stream.send(new Uint8Array(TALK.maxMessageBytes));
      };
      await expect(flood()).rejects.toEqual(failure('peer_timeout'));
    });

    it('leaves a stream alone on which nobody waits', async () => {
      await using opened = await pair(echo);
      using stream = await opened.a.open(opened.b.did, { ...TALK, idleMs: 100 });
      await delay(300);
      await stream.send(text('still here'));
      expect(await stream.receive()).toEqual(text('still here'));
    });

    it('refuses more streams of a protocol than one peer may have', async () => {
      await using opened = await pair(echo);
      const streams: PeerStream[] = [];
      for (let number = 0; number < TALK.maxStreams; number++) {
        streams.push(await opened.a.open(opened.b.did, TALK));
      }
      await expect(opened.a.open(opened.b.did, TALK)).rejects.toEqual(failure('peer_refused'));
      await streams[0]?.end();
      expect(await streams[0]?.receive()).toBeUndefined();
      using again = await eventually(() => opened.a.open(opened.b.did, TALK));
      await again.send(text('again'));
      expect(await again.receive()).toEqual(text('again'));
    });

    it('refuses a protocol that it does not know', async () => {
      await using opened = await pair(echo);
      const unknown = { ...TALK, name: '/ringfence/unknown/1' };
      await expect(opened.a.open(opened.b.did, unknown)).rejects.toEqual(failure('peer_refused'));
    });

    it('lets a stranger open only what is open to strangers', async () => {
      await using networks = await open();
      const a = await networks.node('a');
      const b = await networks.node('b', () => 'stranger');
      const door = { ...TALK, name: '/ringfence/door/1', strangers: true };
      b.handle(TALK, echo);
      b.handle(door, echo);
      await a.dial(addressOf(b));
      await expect(a.open(b.did, TALK)).rejects.toEqual(failure('peer_refused'));
      using stream = await a.open(b.did, door);
      await stream.send(text('let me in'));
      expect(await stream.receive()).toEqual(text('let me in'));
      expect(b.complaints()).toMatchObject([{ from: a.did, code: 'peer_refused', count: 1 }]);
    });

    it('opens what it likes to a guest, who may not do the same', async () => {
      await using networks = await open();
      const a = await networks.node('a', () => 'guest');
      const b = await networks.node('b');
      a.handle(TALK, echo);
      b.handle(TALK, echo);
      await a.dial(addressOf(b));
      using stream = await a.open(b.did, TALK);
      await stream.send(text('hello'));
      expect(await stream.receive()).toEqual(text('hello'));
      await expect(b.open(a.did, TALK)).rejects.toEqual(failure('peer_refused'));
    });

    it('does not talk to a stranger of its own accord', async () => {
      await using networks = await open();
      const a = await networks.node('a', () => 'stranger');
      const b = await networks.node('b');
      await expect(a.dial(addressOf(b))).rejects.toEqual(failure('peer_refused'));
      expect(a.peers()).toEqual([]);
    });

    it('says why an address cannot be dialled', async () => {
      await using networks = await open();
      const a = await networks.node('a');
      const b = await networks.node('b');
      const address = addressOf(b);
      await b[Symbol.asyncDispose]();
      await expect(a.dial(address)).rejects.toEqual(failure('peer_unreachable'));
      await expect(a.dial('somewhere')).rejects.toEqual(failure('usage_invalid'));
      await expect(a.dial(address, { signal: AbortSignal.abort() })).rejects.toEqual(
        failure('aborted'),
      );
      await expect(a.open(b.did, TALK)).rejects.toEqual(failure('peer_unreachable'));
    });

    it('ends only the stream whose answer failed', async () => {
      await using opened = await pair(async (stream) => {
        for await (const message of stream.messages) {
          if (message.length === 0) throw new TypeError('a defect of the answer');
          await stream.send(message);
        }
      });
      const bad = await opened.a.open(opened.b.did, TALK);
      using good = await opened.a.open(opened.b.did, TALK);
      await bad.send(new Uint8Array());
      await expect(bad.receive()).rejects.toEqual(failure('peer_unreachable'));
      await good.send(text('fine'));
      expect(await good.receive()).toEqual(text('fine'));
      expect(opened.b.complaints()).toMatchObject([{ code: 'internal', count: 1 }]);
    });

    it('lets a peer go in the middle of a stream when it is a member no longer', async () => {
      await using networks = await open();
      let standing: PeerStanding = 'member';
      const a = await networks.node('a');
      const b = await networks.node('b', () => standing);
      b.handle(TALK, echo);
      await a.dial(addressOf(b));
      const stream = await a.open(b.did, TALK);
      await stream.send(text('hello'));
      await stream.receive();
      const changes: boolean[] = [];
      a.watch(({ connected }) => changes.push(connected));
      await b.recheck();
      await stream.send(text('still a member'));
      expect(await stream.receive()).toEqual(text('still a member'));
      standing = 'stranger';
      await b.recheck();
      await expect(stream.receive()).rejects.toEqual(failure('peer_unreachable'));
      expect(b.peers()).toEqual([]);
      await eventually(() => expect(changes).toEqual([false]));
    });

    it('keeps a stranger who is admitted, and tells of them from then on', async () => {
      await using networks = await open();
      let standing: PeerStanding = 'stranger';
      const a = await networks.node('a');
      const b = await networks.node('b', () => standing);
      b.handle(TALK, echo);
      const changes: boolean[] = [];
      b.watch(({ connected }) => changes.push(connected));
      await a.dial(addressOf(b));
      await eventually(() => expect(b.peers()).toMatchObject([{ standing: 'stranger' }]));
      await b.recheck();
      expect(changes).toEqual([]);
      standing = 'member';
      await b.recheck();
      expect(changes).toEqual([true]);
      using stream = await a.open(b.did, TALK);
      await stream.send(text('one of us'));
      expect(await stream.receive()).toEqual(text('one of us'));
    });

    it('tells who comes and goes, and dials a known peer again to open a stream', async () => {
      await using opened = await pair(echo);
      const { a, b } = opened;
      const changes: boolean[] = [];
      const stop = a.watch(({ peer, connected }) => {
        expect(peer).toBe(b.did);
        changes.push(connected);
      });
      await a.disconnect(b.did, 'for the test');
      await eventually(() => expect(changes).toEqual([false]));
      await eventually(() => expect(b.peers()).toEqual([]));
      using stream = await a.open(b.did, TALK);
      await stream.send(text('back'));
      expect(await stream.receive()).toEqual(text('back'));
      expect(changes).toEqual([false, true]);
      stop();
      await a.disconnect(b.did, 'for the test');
      expect(changes).toEqual([false, true]);
    });

    it('counts the bytes that went each way', async () => {
      await using opened = await pair(async (stream) => {
        await stream.receive();
        await stream.send(new Uint8Array(5_000));
      });
      using stream = await opened.a.open(opened.b.did, TALK);
      await stream.send(new Uint8Array(20_000));
      await stream.receive();
      const [peer] = opened.a.peers();
      expect(peer?.sentBytes).toBeGreaterThanOrEqual(20_000);
      expect(peer?.receivedBytes).toBeGreaterThanOrEqual(5_000);
      expect(peer?.receivedBytes).toBeLessThan(20_000);
    });

    it('fails streams of a node that is gone', async () => {
      await using opened = await pair(wait);
      const stream = await opened.a.open(opened.b.did, TALK);
      const waiting = stream.receive();
      await opened.b[Symbol.asyncDispose]();
      await expect(waiting).rejects.toEqual(failure('peer_unreachable'));
      await eventually(() => expect(opened.a.peers()).toEqual([]));
    });
  });
}

function addressOf(node: Network): string {
  const [address] = node.addresses;
  if (address === undefined) throw new Error('the node listens nowhere');
  return address;
}
