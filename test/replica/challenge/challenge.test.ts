import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import type { Protocol } from '../../../src/core/ports/network.ts';
import { challengeAnswer, challengedRanges } from '../../../src/core/sharing/challenge.ts';
import { answerChallenges } from '../../../src/replica/challenge/answer-challenges.ts';
import { challengePeer } from '../../../src/replica/challenge/challenge-peer.ts';
import {
  CHALLENGE_PROTOCOL,
  decodeQuestion,
  encodeAnswers,
} from '../../../src/replica/challenge/protocol.ts';
import { signerOf } from '../../support/keys.ts';
import { sha256 } from '../../support/memory-content.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { type ByteNode, byteNode, meet } from '../bytes/node.ts';

const FOREVER = new AbortController().signal;
const NONCE = Uint8Array.from(randomBytes(16));

function answers(node: ByteNode, mayHave = (_asset: Cid) => true): void {
  const { content, did } = node;
  const onDamage = (asset: Cid) => node.damaged.push(asset);
  const answerer = {
    content,
    did,
    sha256,
    onDamage,
    mayHave: (_: string, cid: Cid) => mayHave(cid),
  };
  node.network.handle(CHALLENGE_PROTOCOL, (stream, signal) =>
    answerChallenges(answerer, stream, signal),
  );
}

async function challenge(from: ByteNode, to: ByteNode, assets: readonly Cid[]) {
  const { content, did, network, damaged } = from;
  const onDamage = (asset: Cid) => damaged.push(asset);
  const challenger = { content, did, network, sha256, onDamage };
  const round = { nonce: NONCE, assets };
  const challenged = await challengePeer(challenger, to.did, round, FOREVER);
  return challenged.map(({ outcome }) => outcome);
}

interface Pair extends AsyncDisposable {
  readonly a: ByteNode;
  readonly b: ByteNode;
  /** Assets that both hold. */
  readonly shared: readonly Cid[];
}

async function pair(hub = new MemoryHub()): Promise<Pair> {
  const a = await byteNode(hub, 1);
  const b = await byteNode(hub, 2);
  await meet(a, b);
  const shared: Cid[] = [];
  for (const size of [0, 10, 65_536, 65_537, 3_000_000]) {
    const bytes = randomBytes(size);
    shared.push((await a.put(bytes)).cid);
    await b.put(bytes);
  }
  return {
    a,
    b,
    shared,
    async [Symbol.asyncDispose]() {
      await a[Symbol.asyncDispose]();
      await b[Symbol.asyncDispose]();
    },
  };
}

describe('a challenge', () => {
  it('is passed by a node that has the bytes, over many questions', async () => {
    await using nodes = await pair();
    const { a, b, shared } = nodes;
    answers(b);
    expect(await challenge(a, b, shared)).toEqual(shared.map(() => 'proven'));
    const many: Cid[] = [];
    for (let i = 0; i < 600; i += 1) {
      const bytes = Buffer.from(`asset ${i}`);
      many.push((await a.content.putFile({ bytes })).cid);
      await b.content.putFile({ bytes });
    }
    await a.content.sync(many);
    await b.content.sync(many);
    expect(await challenge(a, b, many)).toEqual(many.map(() => 'proven'));
  });

  it('tells who has no copy, a damaged one, or may not be asked about it', async () => {
    await using nodes = await pair();
    const { a, b, shared } = nodes;
    const mine = await a.put(50);
    const [hidden, , , , large] = shared;
    answers(b, (asset) => asset !== hidden);
    for (const { path, offset } of await b.content.locate(large ?? mine.cid)) {
      const pack = readFileSync(path);
      pack[offset] = (pack[offset] ?? 0) ^ 1;
      writeFileSync(path, pack);
    }
    const assets = [mine.cid, ...shared];
    expect(await challenge(a, b, assets)).toEqual([
      'unheld',
      'unheld',
      'proven',
      'proven',
      'proven',
      'unheld',
    ]);
    expect(b.damaged).toEqual([large]);
  });

  it('is about nothing that the challenger has no sound copy of', async () => {
    await using nodes = await pair();
    const { a, b, shared } = nodes;
    answers(b);
    const theirs = await b.put(50);
    expect(await challenge(a, b, [theirs.cid, ...shared.slice(0, 1)])).toEqual(['proven']);
  });

  it.each([
    [
      'wrong bytes',
      (): Uint8Array | undefined => encodeAnswers([Uint8Array.from(randomBytes(32))]),
      'failed',
    ],
    ['too few answers', () => encodeAnswers([]), 'no-answer'],
    ['nonsense', () => Uint8Array.of(1, 2, 3), 'no-answer'],
    ['the end', () => undefined, 'no-answer'],
  ])('answered with %s', async (_what, answer, outcome) => {
    await using nodes = await pair();
    const { a, b, shared } = nodes;
    b.network.handle(CHALLENGE_PROTOCOL, async (stream) => {
      await stream.receive();
      const message = answer();
      if (message !== undefined) await stream.send(message);
    });
    expect(await challenge(a, b, shared.slice(1, 2))).toEqual([outcome]);
  });

  it('answered too late is not answered', async () => {
    await using nodes = await pair();
    const { a, b, shared } = nodes;
    const impatient: Protocol = { ...CHALLENGE_PROTOCOL, idleMs: 50 };
    b.network.handle(CHALLENGE_PROTOCOL, async (stream, signal) => {
      await stream.receive();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    const network = {
      open: (peer: Parameters<typeof a.network.open>[0]) => a.network.open(peer, impatient),
    };
    const { content, did } = a;
    const challenger = { content, did, network, sha256, onDamage: () => {} };
    const round = { nonce: NONCE, assets: shared };
    const challenged = await challengePeer(challenger, b.did, round, FOREVER);
    expect(challenged.map(({ outcome }) => outcome)).toEqual(shared.map(() => 'no-answer'));
  });

  it('says nothing of a peer whose connection is gone', async () => {
    const hub = new MemoryHub();
    await using nodes = await pair(hub);
    const { a, b, shared } = nodes;
    b.network.handle(CHALLENGE_PROTOCOL, async (stream) => {
      await stream.receive();
      hub.part(a.network, b.network);
    });
    expect(await challenge(a, b, shared)).toEqual([]);
  });

  it('that is passed on as the own one of a node without the bytes gives a useless answer', async () => {
    const hub = new MemoryHub();
    await using nodes = await pair(hub);
    const { a, b, shared } = nodes;
    answers(b);
    await using relay = await byteNode(hub, 3);
    await meet(relay, b);
    relay.network.handle(CHALLENGE_PROTOCOL, async (stream) => {
      using onward = await relay.network.open(b.did, CHALLENGE_PROTOCOL);
      for await (const message of stream.messages) {
        await onward.send(message);
        const answer = await onward.receive();
        if (answer !== undefined) await stream.send(answer);
      }
    });
    await meet(a, relay);
    expect(await challenge(a, relay, shared)).toEqual(shared.map(() => 'failed'));
  });

  it('asks for other bytes with another nonce, and never the same answer twice', async () => {
    await using nodes = await pair();
    const asset = nodes.shared[4];
    if (asset === undefined) throw new Error('no asset');
    const ranges = (nonce: Uint8Array) => challengedRanges(nonce, asset, 3_000_000, sha256);
    expect(ranges(NONCE)).toEqual(ranges(NONCE));
    expect(ranges(NONCE)).not.toEqual(ranges(Uint8Array.from(randomBytes(16))));
    for (const { offset, length } of ranges(NONCE)) {
      expect(offset + length).toBeLessThanOrEqual(3_000_000);
    }
    const [one, two] = [signerOf('one').did, signerOf('two').did];
    const bytes = Uint8Array.of(1);
    const answerOf = (challenger = one, holder = two, nonce = NONCE) =>
      Buffer.from(challengeAnswer({ nonce, challenger, holder }, asset, bytes, sha256)).toString(
        'hex',
      );
    const all = [answerOf(), answerOf(two, one), answerOf(one, two, new Uint8Array(16))];
    expect(new Set(all).size).toBe(3);
  });

  it('of hostile form ends its stream alone', async () => {
    await using nodes = await pair();
    const { a, b, shared } = nodes;
    answers(b);
    using stream = await a.network.open(b.did, CHALLENGE_PROTOCOL);
    await stream.send(Uint8Array.of(0xa0));
    await expect(stream.receive()).rejects.toMatchObject({ code: 'peer_unreachable' });
    expect(() => decodeQuestion(Uint8Array.of(0xa0))).toThrow();
    expect(await challenge(a, b, shared)).toHaveLength(shared.length);
  });
});
