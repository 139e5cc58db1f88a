import { randomBytes } from 'node:crypto';
import * as dagCbor from '@ipld/dag-cbor';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeBlock } from '../../src/core/statements/block.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { FRAME } from '../../src/network/frames.ts';
import { ADMISSION } from '../../src/replica/admission/protocol.ts';
import { BYTES_PROTOCOL } from '../../src/replica/bytes/protocol.ts';
import { CHALLENGE_PROTOCOL } from '../../src/replica/challenge/protocol.ts';
import { COSIGN } from '../../src/replica/cosigning/protocol.ts';
import { NEWS } from '../../src/replica/feed/news.ts';
import { encodeMessage, FEED } from '../../src/replica/feed/protocol.ts';
import { AT } from '../support/deposits.ts';
import type { Trick } from '../support/hostile-feed.ts';
import { type HostileStream, openHostilePeer } from '../support/hostile-peer.ts';
import { signerOf } from '../support/keys.ts';
import { type MadeEntry, makeEntry } from '../support/ledger-archive.ts';
import { Siege, within } from '../support/siege.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';

vi.setConfig({ testTimeout: 120_000 });

let siege: Siege;
beforeAll(async () => {
  siege = await Siege.begin();
});
afterAll(() => siege?.[Symbol.asyncDispose]());

const hold = (asset: string): StatementOutline =>
  createStatement('hold', { asset: assetCid(asset) }, AT, BODIES.hold);

/** A list of so many values, each one byte. */
function wide(count: number, value: number): Uint8Array {
  const head = Buffer.alloc(5, 0x9a);
  head.writeUInt32BE(count, 1);
  return Buffer.concat([head, Buffer.alloc(count, value)]);
}

const MEGABYTES_4 = 4 * 1_048_576;

describe.concurrent('S8, S9, S11: what a member says on a stream is refused, and its stream ends', () => {
  it.each<[string, typeof NEWS, (stream: HostileStream) => void, RegExp]>([
    [
      'random bytes as news',
      NEWS,
      (stream) => stream.sendMessage(randomBytes(200)),
      /DAG-CBOR|protocol/,
    ],
    [
      'random bytes in place of frames',
      FEED,
      (stream) => stream.send(Buffer.alloc(100, 0xaa)),
      /frame of kind/,
    ],
    [
      '20 MB of garbage',
      FEED,
      (stream) => stream.send(Buffer.alloc(20_000_000, 0xaa)),
      /frame of kind/,
    ],
    [
      'a message of 4 GiB',
      FEED,
      (stream) => stream.sendFrame(FRAME.message, new Uint8Array(10), 0xffff_ffff),
      /is announced/,
    ],
    [
      'a message 1,000 deep',
      FEED,
      (stream) => stream.sendMessage(nested(1_000)),
      /breaks the protocol/,
    ],
    [
      'a message 5,000 deep',
      FEED,
      (stream) => stream.sendMessage(nested(5_000)),
      /DAG-CBOR|protocol/,
    ],
    ['a message 20,000 deep', FEED, (stream) => stream.sendMessage(nested(20_000)), /DAG-CBOR/],
    ['a message 200,000 deep', FEED, (stream) => stream.sendMessage(nested(200_000)), /values/],
    [
      'four million numbers in one message',
      FEED,
      (stream) => stream.sendMessage(wide(MEGABYTES_4 - 5, 0)),
      /more than 131072 values/,
    ],
    [
      'four million maps in one message',
      BYTES_PROTOCOL,
      (stream) => stream.sendMessage(wide(3_000_000, 0xa0)),
      /more than 131072 values/,
    ],
    [
      'names that are none',
      CHALLENGE_PROTOCOL,
      (stream) =>
        stream.sendMessage(
          dagCbor.encode({ nonce: new Uint8Array(16), assets: [new Uint8Array(36)] }),
        ),
      /no CID/,
    ],
    [
      'records by names that are none',
      FEED,
      (stream) => {
        const of = [{ leaf: new Uint8Array(36), records: new Uint8Array(36) }];
        stream.sendMessage(dagCbor.encode({ type: 'records', of }));
      },
      /must be CIDs/,
    ],
    [
      'half a message, and then nothing',
      NEWS,
      (stream) => stream.sendFrame(FRAME.message, new Uint8Array(10), 500),
      /begun and not sent/,
    ],
    ['nothing at all', ADMISSION, () => {}, /nothing came/],
  ])('%s', async (what, protocol, say, why) => {
    await siege.grant(what);
    await using mallory = await openHostilePeer(what);
    await siege.during(async () => {
      const stream = await mallory.open(siege.address, protocol.name);
      say(stream);
      expect(await stream.closed).toBe('reset');
      await siege.reason(mallory.did, why);
    });
  });

  function nested(depth: number): Uint8Array {
    return Buffer.concat([Buffer.alloc(depth, 0x81), Uint8Array.of(0)]);
  }
});

describe.concurrent('S10: streams', () => {
  it('that a member opens and leaves idle are few, and end', async () => {
    await siege.grant('idler');
    await using mallory = await openHostilePeer('idler');
    await siege.during(async () => {
      const streams = await Promise.all(
        Array.from({ length: 64 }, () => mallory.open(siege.address, NEWS.name)),
      );
      await within(() => {
        const kinds = streams.map((stream) => stream.received()[0]);
        expect(kinds.filter((kind) => kind === FRAME.welcome)).toHaveLength(NEWS.maxStreams);
        expect(kinds.filter((kind) => kind === FRAME.refused)).toHaveLength(64 - NEWS.maxStreams);
      });
      await Promise.all(streams.map(({ closed }) => closed));
      await siege.reason(mallory.did, /streams of \/ringfence\/news\/1 already/);
      await siege.reason(mallory.did, /nothing came in time/);
    });
  });

  it('on which a member asks hundreds of things at once leave others their turn', async () => {
    await siege.grant('asker');
    await using mallory = await openHostilePeer('asker');
    const archive = siege.victim.archive.ledger.address;
    const hello = encodeMessage({ type: 'hello', archive, origin: '', size: 0 });
    await siege.during(async () => {
      const stream = await mallory.open(siege.address, FEED.name);
      for (let i = 0; i < 300; i++) stream.sendMessage(hello);
      await within(() => expect(stream.received().length).toBeGreaterThan(300 * 100));
    });
  });
});

describe.concurrent('S0, S1c: a stranger', () => {
  it.each([FEED, NEWS, BYTES_PROTOCOL, CHALLENGE_PROTOCOL, COSIGN])(
    'opens nothing that is for members: $name',
    async ({ name }) => {
      const stranger = `stranger on ${name}`;
      await using mallory = await openHostilePeer(stranger);
      await siege.during(async () => {
        const stream = await mallory.open(siege.address, name);
        await within(() => expect(stream.received()[0]).toBe(FRAME.refused));
        await siege.reason(mallory.did, /is for members/);
      });
    },
  );

  it('who knocks a thousand times fills neither log nor memory', async () => {
    await using mallory = await openHostilePeer('knocker');
    await siege.during(async () => {
      for (let i = 0; i < 200; i++) {
        const stream = await mallory.open(siege.address, FEED.name).catch(() => undefined);
        stream?.reset();
      }
      await siege.reason(mallory.did, /is for members/);
    });
    const lines = siege.log.filter(({ details }) => details?.['from'] === mallory.did);
    expect(lines.length).toBeLessThan(32);
  });
});

/** What a member shows of its log; the entries are made over what the victim holds. */
interface Lie {
  /** Four honest entries, one on the other. */
  readonly chain: readonly [MadeEntry, MadeEntry, MadeEntry, MadeEntry];
  readonly held: readonly MadeEntry[];
}

function lieOf(name: string): Lie {
  const held = siege.entries();
  const { address } = siege.victim.archive.ledger;
  const chain: MadeEntry[] = held.slice(-1);
  for (const asset of ['a', 'b', 'c', 'd']) {
    chain.push(makeEntry({ address }, signerOf(name), chain.slice(-1), [hold(`${name} ${asset}`)]));
  }
  const [, a, b, c, d] = chain;
  if (!a || !b || !c || !d) throw new Error('four were made');
  return { held, chain: [a, b, c, d] };
}

describe.concurrent('S3: a feed that is a lie ends, names the peer and takes nothing back', () => {
  it.each<[string, (lie: Lie) => readonly MadeEntry[], number | undefined, RegExp]>([
    ['invents order', ({ chain: [a, b, c] }) => [b, a, c], undefined, /before its parent/],
    ['leaves things out', ({ chain: [a, , c, d] }) => [a, c, d], 1, /before its parent/],
    [
      'names a parent that nobody has',
      ({ chain: [, b, c, d] }) => [b, c, d],
      0,
      /before its parent/,
    ],
    ['withholds a batch', ({ chain: [a, b, c] }) => [a, { ...b, blocks: [] }, c], 1, /withholds/],
    [
      'gives other bytes for a batch',
      ({ chain: [a, b, c] }) => [a, { ...b, blocks: c.blocks }, c],
      1,
      /withholds/,
    ],
    ['has an entry under newer rules', ({ chain: [a] }) => [a, newer(a)], 1, /upgrade/],
  ])('that %s', async (what, entriesOf, taken, why) => {
    await siege.grant(what);
    await siege.during(async () => {
      const lie = lieOf(what);
      await using _attacker = await siege.show(what, siege.logOf(what, entriesOf(lie), lie.held));
      await siege.reason(signerOf(what).did, why);
      // What was listed too early can be taken the next time: each of its entries is good.
      const here = lie.chain.filter((entry) => siege.has(entry));
      expect(here).toHaveLength(taken ?? here.length);
    });
  });

  it('S3b: four of them at once', async () => {
    const names = ['one of four', 'two of four', 'three of four', 'four of four'];
    for (const name of names) await siege.grant(name);
    await siege.during(async () => {
      await Promise.all(
        names.map(async (name) => {
          const { held, chain } = lieOf(name);
          await using _attacker = await siege.show(name, siege.logOf(name, chain.slice(1), held));
          await siege.reason(signerOf(name).did, /before its parent/);
        }),
      );
    });
  });

  it('that says nothing, hangs up, or answers without end', async () => {
    const tricks: Readonly<Record<string, Trick>> = {
      'says nothing': () => 'nothing',
      'hangs up': () => 'hang up',
      'gives nothing for ever': ({ type }) =>
        type === 'want' ? { type: 'bodies', bodies: [] } : undefined,
    };
    const names = Object.keys(tricks);
    for (const name of names) await siege.grant(name);
    await siege.during(async () => {
      await using attackers = new AsyncDisposableStack();
      for (const name of names) {
        const { held, chain } = lieOf(name);
        attackers.use(await siege.show(name, siege.logOf(name, chain, held), tricks[name]));
      }
      await siege.reason(signerOf('hangs up').did, /ends in the middle/);
      await siege.reason(signerOf('gives nothing for ever').did, /answers with nothing/);
    });
  });

  it('that was rewritten: both notes are kept, and nothing more is taken', async () => {
    await siege.grant('rewriter');
    await siege.during(async () => {
      const { held, chain } = lieOf('rewriter');
      const [a, b] = chain;
      const one = siege.logOf('rewriter', [a, b], held);
      const { address } = siege.victim.archive.ledger;
      const fork = makeEntry({ address }, signerOf('rewriter'), [a], [hold('other')]);
      const other = siege.logOf('rewriter', [a, fork, b], held);
      {
        await using _before = await siege.show('rewriter', one);
        await within(() => expect(siege.has(b)).toBe(true));
      }
      await using _after = await siege.show('rewriter', other);
      await siege.reason(signerOf('rewriter').did, /two histories/);
      const { findings } = await siege.doctor();
      const { did } = signerOf('rewriter');
      const told = findings.find(
        ({ kind, subject }) => kind === 'contradiction' && subject === did,
      );
      expect(told?.notes).toEqual([one.note(), other.note()]);
      expect(siege.has(fork)).toBe(false);
    });
  });

  function newer(a: MadeEntry): MadeEntry {
    const payload = { format: 2, batch: encodeBlock({ v: 1 }, sha256).cid };
    const { address } = siege.victim.archive.ledger;
    const name = 'has an entry under newer rules';
    return makeEntry({ address }, signerOf(name), [a], [hold('newer')], { payload });
  }
});
