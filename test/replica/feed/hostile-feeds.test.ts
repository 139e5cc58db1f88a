import * as dagCbor from '@ipld/dag-cbor';
import { describe, expect, it } from 'vitest';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import { entryHashToBytes, toEntryHash } from '../../../src/core/entries/entry-hash.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { encodeBlock } from '../../../src/core/statements/block.ts';
import { createStatement, type StatementOutline } from '../../../src/core/statements/statement.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { bodyParts } from '../../../src/replica/feed/body-parts.ts';
import { FEED, joined, MAX_LEAVES } from '../../../src/replica/feed/protocol.ts';
import { type SyncReport, syncWith } from '../../../src/replica/feed/sync-with.ts';
import { AT } from '../../support/deposits.ts';
import { connect, type FeedNode, FeedNodes } from '../../support/feed-node.ts';
import { MadeLog, serveMade, type Trick } from '../../support/hostile-feed.ts';
import { signerOf } from '../../support/keys.ts';
import { type MadeEntry, madeEntry, makeEntry, testArchive } from '../../support/ledger-archive.ts';
import { assetCid, BODIES } from '../../support/statement-bodies.ts';

const archive = testArchive('ana', 'ben', 'mal');
const { founding } = archive;
const [ben, mal, eve] = [signerOf('ben'), signerOf('mal'), signerOf('eve')];

const hold = (asset: string) =>
  createStatement('hold', { asset: assetCid(asset) }, AT, BODIES.hold);

/** Four honest entries, one on the other. */
const chain: MadeEntry[] = [founding];
for (const name of ['a', 'b', 'c', 'd']) {
  chain.push(makeEntry(archive, ben, chain.slice(-1), [hold(name)]));
}
const [, a, b, c, d] = chain;
if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error();
const logOf = (...entries: readonly MadeEntry[]) =>
  new MadeLog(archive, mal, [founding, ...entries]);

/** What an entry says otherwise than it was signed: S4, S5 and the like. */
function forged(change: (fields: Record<string, unknown>) => Record<string, unknown>): MadeEntry {
  const { bytes, blocks } = makeEntry(archive, ben, [founding], [hold('forged')]);
  const fields = change(readFields(bytes));
  return { ...madeEntry(fields), blocks };
}

function readFields(bytes: Uint8Array): Record<string, unknown> {
  // The test has just encoded it.
  return dagCbor.decode(bytes) as Record<string, unknown>;
}

/** An entry under the rules of a later program. */
function newer(): MadeEntry {
  return makeEntry(archive, ben, [a ?? founding], [hold('newer')], {
    payload: { format: 2, batch: encodeBlock({ v: 1 }, sha256).cid },
  });
}

const NOTHING = new Uint8Array(0);

const sameLeaves = (count: number) =>
  Array.from({ length: count }, () => entryHashToBytes(founding.hash));

/** How many entries are here, and how far the feed is taken. */
const at = (size: number, taken: number) => ({ size, taken });

function pageOf(log: MadeLog): ReturnType<Trick> {
  return { type: 'leaves', leaves: joined(log.leaves(0, log.size)), proof: NOTHING };
}

function bodyOf(entry: MadeEntry | undefined): ReturnType<Trick> {
  const bodies = [...bodyParts(entry)].map((part) => part.toMessage());
  return { type: 'bodies', bodies };
}

/** DAG-CBOR of a map whose keys keep the order given. */
function unsorted(fields: readonly (readonly [string, unknown])[]): Uint8Array {
  const pieces = fields.flatMap(([key, value]) => [dagCbor.encode(key), dagCbor.encode(value)]);
  return Buffer.concat([Uint8Array.of(0xa0 | fields.length), ...pieces]);
}

function asMade(made: {
  readonly bytes: Uint8Array;
  readonly blocks: MadeEntry['blocks'];
}): MadeEntry {
  const hash = toEntryHash(cidFromDigest(CODEC.dagCbor, sha256(made.bytes)));
  return { ...made, hash, clock: 2, records: [] };
}

interface Outcome {
  readonly report?: SyncReport;
  readonly code?: ErrorCode;
  readonly text: string;
  readonly size: number;
  readonly taken: number;
}

/** Pulls from a hostile peer, and then from an honest one, which must work as if nothing had been. */
async function pullFrom(
  log: MadeLog,
  trick?: Trick,
  before: readonly MadeLog[] = [],
): Promise<Outcome> {
  await using nodes = new FeedNodes(archive);
  const victim = await nodes.open('ana');
  const hostile = await nodes.open('mal');
  const honest = await nodes.open('ben');
  await connect(victim, hostile);
  await connect(victim, honest);
  for (const earlier of before) {
    hostile.network.handle(FEED, serveMade(earlier));
    await syncWith(mal.did, victim.parts);
  }
  hostile.network.handle({ ...FEED, idleMs: 60_000 }, serveMade(log, trick));
  const outcome = await outcomeOf(victim, mal.did);
  const entry = makeEntry(archive, ben, [founding], [hold('honest')]);
  await honest.ledger.importEntries([entry]);
  expect(await syncWith(ben.did, victim.parts)).toMatchObject({ entries: 1 });
  for await (const problem of victim.ledger.verify()) expect(problem).toBeUndefined();
  return outcome;
}

async function outcomeOf(victim: FeedNode, peer: typeof mal.did): Promise<Outcome> {
  const standing = () => ({
    size: victim.ledger.size(),
    taken: victim.ledger.feeds.newestFeed(peer)?.taken.size ?? 0,
  });
  try {
    const report = await syncWith(peer, { ...victim.parts });
    return { report, text: '', ...standing() };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { code: error.code as ErrorCode, text: error.message, ...standing() };
  }
}

describe('a feed that is itself a lie ends its stream, names the peer and takes nothing back', () => {
  it.each<[string, MadeLog, Trick | undefined, ErrorCode, RegExp, { size: number; taken: number }]>(
    [
      ['invents order', logOf(b, a, c), undefined, 'peer_invalid', /before its parent/, at(2, 1)],
      [
        'leaves a parent out',
        logOf(a, c, d),
        undefined,
        'peer_invalid',
        /before its parent/,
        at(2, 2),
      ],
      [
        'lists other leaves than it signs',
        logOf(a, b, c, d),
        (request) => (request.type === 'leaves' ? pageOf(logOf(b, a, c, d)) : undefined),
        'peer_invalid',
        /otherwise than its signed head/,
        at(1, 0),
      ],
      [
        'gives another entry than it lists',
        logOf(a, b),
        (request) => (request.type === 'want' ? bodyOf(c) : undefined),
        'peer_invalid',
        /another entry/,
        at(1, 0),
      ],
      [
        'withholds an entry',
        logOf(a, b),
        (request) => (request.type === 'want' ? bodyOf(undefined) : undefined),
        'peer_invalid',
        /does not give it/,
        at(1, 0),
      ],
      [
        'withholds a batch',
        logOf(a, { ...b, blocks: [] }, c),
        undefined,
        'peer_invalid',
        /withholds/,
        at(2, 2),
      ],
      [
        'gives other bytes for a batch',
        logOf(a, { ...b, blocks: c.blocks }),
        undefined,
        'peer_invalid',
        /withholds/,
        at(2, 2),
      ],
      [
        'has an entry under newer rules',
        logOf(a, newer(), b),
        undefined,
        'format_unknown',
        /upgrade/,
        at(3, 2),
      ],
      [
        'sends no DAG-CBOR',
        logOf(a),
        () => Uint8Array.from([0xff, 0x00]),
        'peer_invalid',
        /not DAG-CBOR/,
        at(1, 0),
      ],
      [
        'sends a message a hundred thousand levels deep',
        logOf(a),
        () => new Uint8Array(100_000).fill(0x81),
        'peer_invalid',
        /not DAG-CBOR/,
        at(1, 0),
      ],
      [
        'sends a page of ten thousand leaves',
        logOf(a),
        (request) =>
          request.type === 'leaves'
            ? { type: 'leaves', leaves: new Uint8Array(36 * 10_000), proof: new Uint8Array(0) }
            : undefined,
        'peer_invalid',
        /more than/,
        at(1, 0),
      ],
      [
        'gives more leaves than were asked for',
        logOf(a),
        (request) =>
          request.type === 'leaves'
            ? { type: 'leaves', leaves: joined(sameLeaves(MAX_LEAVES)), proof: NOTHING }
            : undefined,
        'peer_invalid',
        /more leaves/,
        at(1, 0),
      ],
      [
        'gives no leaves at all',
        logOf(a),
        (request) =>
          request.type === 'leaves'
            ? { type: 'leaves', leaves: new Uint8Array(0), proof: new Uint8Array(0) }
            : undefined,
        'peer_invalid',
        /no leaves/,
        at(1, 0),
      ],
      [
        'answers with nothing for ever',
        logOf(a),
        (request) => (request.type === 'want' ? { type: 'bodies', bodies: [] } : undefined),
        'peer_invalid',
        /nothing/,
        at(1, 0),
      ],
      [
        'hangs up in the middle',
        logOf(a, b),
        (request) => (request.type === 'want' ? 'hang up' : undefined),
        'peer_invalid',
        /ends in the middle/,
        at(1, 0),
      ],
      [
        'shows the head of somebody else',
        logOf(a),
        (request) =>
          request.type === 'hello'
            ? {
                type: 'head',
                note: new MadeLog(archive, ben, [founding, a]).note(),
                proof: NOTHING,
              }
            : undefined,
        'peer_invalid',
        /false head/,
        at(1, 0),
      ],
      [
        'shows the head of a log of another archive',
        new MadeLog(testArchive('mal'), mal, [founding, a]),
        undefined,
        'peer_invalid',
        /not its own/,
        at(1, 0),
      ],
      [
        'shows a head that says nonsense',
        logOf(a),
        () => ({ type: 'head', note: 'nonsense', proof: NOTHING }),
        'peer_invalid',
        /false head/,
        at(1, 0),
      ],
    ],
  )('%s', async (_what, log, trick, code, text, expected) => {
    const outcome = await pullFrom(log, trick);
    expect(outcome).toMatchObject({ code, ...expected });
    expect(outcome.text).toMatch(text);
  });
});

describe('an entry that no node will ever take is skipped with what builds on it', () => {
  const reordered = () => {
    const { bytes, blocks } = makeEntry(archive, ben, [founding], [hold('r')]);
    const fields = Object.entries(readFields(bytes)).reverse();
    return { bytes: unsorted(fields), blocks };
  };
  it.each<[string, () => MadeEntry]>([
    ['S0: by a key that is no member', () => makeEntry(archive, eve, [founding], [hold('x')])],
    [
      'S1: that names a member and is signed by another key',
      () => makeEntry(archive, eve, [founding], [hold('x')], { identity: ben.did }),
    ],
    ['S2a: with a clock of 2^53-1', () => clocked(Number.MAX_SAFE_INTEGER)],
    ['S2c: with no clock', () => forged((fields) => ({ ...fields, clock: null }))],
    ['S2d: with a clock that is text', () => clocked('9e99')],
    ['S4: sent again with a field more', () => forged((fields) => ({ ...fields, extra: 1 }))],
    ['S13: with references', () => forged((fields) => ({ ...fields, refs: [founding.hash] }))],
    ['S14: that is too large', () => forged((fields) => ({ ...fields, id: 'x'.repeat(70_000) }))],
    [
      'whose signature is upper-case',
      () => forged((fields) => ({ ...fields, sig: String(fields['sig']).toUpperCase() })),
    ],
    [
      'of another archive',
      () => makeEntry({ address: '/orbitdb/zdpuOther' }, ben, [founding], [hold('x')]),
    ],
    [
      'whose batch is no batch',
      () => {
        const batch = encodeBlock({ v: 9 }, sha256);
        const payload = { format: 1, batch: batch.cid };
        const made = makeEntry(archive, ben, [founding], [hold('x')], { payload });
        return { ...made, blocks: [batch] };
      },
    ],
    ['S12: without parents, by a member', () => makeEntry(archive, ben, [], [hold('x')])],
    [
      'with seventeen parents',
      () =>
        makeEntry(
          archive,
          ben,
          Array.from({ length: 17 }, () => founding),
          [hold('x')],
        ),
    ],
    ['S5: in another order of its bytes', () => asMade(reordered())],
  ])('%s', async (_what, make) => {
    // What builds on it has a clock that can be encoded.
    const bad = { ...make(), clock: 2 };
    const child = makeEntry(archive, ben, [bad], [hold('child')]);
    const grandchild = makeEntry(archive, ben, [child, a], [hold('grandchild')]);
    const { report, size, taken } = await pullFrom(logOf(a, bad, child, b, grandchild, c));
    expect(report).toMatchObject({ entries: 3, skipped: 3, size: 7 });
    expect({ size, taken }).toEqual(at(4, 7));
  });

  function clocked(time: unknown): MadeEntry {
    return forged((fields) => ({ ...fields, clock: { ...(fields['clock'] as object), time } }));
  }
});

it('a bad statement in a batch counts for nothing, and the entry and the others are kept', async () => {
  const bad: StatementOutline = { ...hold('bad'), body: { reason: 'x' } };
  const unknown: StatementOutline = { ...hold('unknown'), kind: 'blessing' };
  const entry = makeEntry(archive, ben, [a], [hold('good'), bad, unknown]);
  expect((await pullFrom(logOf(a, entry))).report).toMatchObject({ entries: 2, skipped: 0 });
});

it('skipped entries stay skipped when more is built on them later', async () => {
  const bad = makeEntry(archive, eve, [founding], [hold('x')]);
  const child = makeEntry(archive, ben, [bad], [hold('child')]);
  const { report } = await pullFrom(logOf(a, bad, child, b), undefined, [logOf(a, bad)]);
  expect(report).toMatchObject({ entries: 1, skipped: 1 });
});

describe('a peer that signs two histories', () => {
  const forkedTail = makeEntry(archive, ben, [a], [hold('other')]);
  it.each([
    ['of one length', logOf(a, b), logOf(a, forkedTail)],
    ['of which the longer does not go on from the shorter', logOf(a, b), logOf(a, forkedTail, b)],
  ])(
    '%s is found out; both notes are kept and nothing more is taken until the operator says so',
    async (_what, one, other) => {
      await using nodes = new FeedNodes(archive);
      const victim = await nodes.open('ana');
      const hostile = await nodes.open('mal');
      await connect(victim, hostile);
      hostile.network.handle(FEED, serveMade(one));
      await syncWith(mal.did, victim.parts);
      let asked = 0;
      hostile.network.handle(
        FEED,
        serveMade(other, () => void asked++),
      );
      expect(await outcomeOf(victim, mal.did)).toMatchObject({ code: 'peer_equivocates', size: 3 });
      expect(victim.ledger.feeds.contradictions()).toEqual([
        { peer: mal.did, sort: 'rewritten', notes: [one.note(), other.note()], settled: false },
      ]);
      asked = 0;
      expect(await outcomeOf(victim, mal.did)).toMatchObject({ code: 'peer_equivocates' });
      expect(asked).toBe(0);
      victim.ledger.feeds.settle(mal.did);
      expect((await outcomeOf(victim, mal.did)).report).toMatchObject({ entries: 1 });
    },
  );

  it('a head it has replaced by a newer one is not taken for new', async () => {
    const outcome = await pullFrom(logOf(a), undefined, [logOf(a, b)]);
    expect(outcome).toMatchObject({ code: 'peer_invalid', size: 3 });
    expect(outcome.text).toMatch(/older head/);
  });
});

it('a peer that says nothing is given up when its time is over, and delays nobody else', async () => {
  await using nodes = new FeedNodes(archive);
  const victim = await nodes.open('ana');
  const hostile = await nodes.open('mal');
  const honest = await nodes.open('ben');
  hostile.network.handle(
    FEED,
    serveMade(logOf(a), () => 'nothing'),
  );
  await connect(victim, hostile);
  await connect(victim, honest);
  const giveUp = new AbortController();
  const pending = syncWith(mal.did, victim.parts, { signal: giveUp.signal });
  for (let i = 0; i < 10; i++) {
    await honest.ledger.append({ statements: [hold(`h${i}`)], records: [], documents: [] });
    expect(await syncWith(ben.did, victim.parts)).toMatchObject({ entries: 1 });
  }
  giveUp.abort();
  await expect(pending).rejects.toMatchObject({ code: 'aborted' });
});

it('2,000 concurrent heads are taken, and an honest append goes on over them', async () => {
  const heads = Array.from({ length: 2_000 }, (_, i) =>
    makeEntry(archive, mal, [founding], [hold(`h${i}`)]),
  );
  await using nodes = new FeedNodes(archive);
  const victim = await nodes.open('ana');
  const hostile = await nodes.open('mal');
  hostile.network.handle(FEED, serveMade(logOf(...heads)));
  await connect(victim, hostile);
  expect(await syncWith(mal.did, victim.parts)).toMatchObject({ entries: 2_000, skipped: 0 });
  await victim.ledger.append({ statements: [hold('honest')], records: [], documents: [] });
  expect(victim.ledger.size()).toBe(2_002);
});
