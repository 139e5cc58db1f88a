import { describe, expect, it } from 'vitest';
import { ArchiveError } from '../../../src/core/errors.ts';
import { toHex } from '../../../src/core/hash.ts';
import { NEWS } from '../../../src/replica/feed/news.ts';
import { FEED } from '../../../src/replica/feed/protocol.ts';
import { serveFeed } from '../../../src/replica/feed/serve-feed.ts';
import { Syncing, type SyncTiming } from '../../../src/replica/feed/syncing.ts';
import { appendOf, depositOf } from '../../support/deposits.ts';
import { eventually } from '../../support/eventually.ts';
import { connect, type FeedNode, FeedNodes } from '../../support/feed-node.ts';
import { MadeLog, serveMade } from '../../support/hostile-feed.ts';
import { signerOf } from '../../support/keys.ts';
import { makeEntry, testArchive } from '../../support/ledger-archive.ts';

const archive = testArchive('ana', 'ben', 'cyd');

/** No timer helps here: what is not gossiped does not arrive. */
const PATIENT: Partial<SyncTiming> = {
  everyMs: 600_000,
  gapMs: 5,
  backoffMs: 10,
  maxBackoffMs: 50,
};

interface SyncingNode extends FeedNode {
  readonly syncing: Syncing;
  readonly news: { entries: number; records: number };
  readonly troubles: string[];
}

function start(node: FeedNode, timing: Partial<SyncTiming> = {}): SyncingNode {
  const news = { entries: 0, records: 0 };
  const troubles: string[] = [];
  const syncing = new Syncing({
    ...node.parts,
    mayHave: () => () => true,
    clock: Date.now,
    onNews: ({ entries, records }) => {
      news.entries += entries;
      news.records += records.length;
    },
    onTrouble: (_peer, { code }) => troubles.push(code),
    timing: { ...PATIENT, ...timing },
  });
  syncing.start();
  return { ...node, syncing, news, troubles };
}

const entriesOf = ({ ledger }: FeedNode) => ledger.feed.leaves(0, 100_000).map(toHex).sort();

async function expectLevel(...nodes: readonly FeedNode[]): Promise<void> {
  await eventually(() => {
    for (const node of nodes) expect(entriesOf(node)).toEqual(entriesOf(nodes[0] ?? node));
  });
}

it('keeps three nodes level, each hearing of what the others write, directly or not', async () => {
  await using nodes = new FeedNodes(archive);
  const ana = start(await nodes.open('ana'));
  const ben = start(await nodes.open('ben'));
  const cyd = start(await nodes.open('cyd'));
  await using _a = ana.syncing;
  await using _b = ben.syncing;
  await using _c = cyd.syncing;
  await connect(ben, ana);
  await connect(cyd, ben);
  await ana.ledger.append(appendOf('a'));
  await cyd.ledger.append(appendOf('c'));
  for (let i = 0; i < 5; i++) await ben.ledger.append(appendOf(`b${i}`));
  await eventually(() => expect(ana.ledger.size()).toBe(8));
  await expectLevel(ana, ben, cyd);
  expect(ana.news.entries).toBe(6);
  expect(cyd.ledger.record(depositOf('a').record.cid)).toMatchObject({ title: 'a' });
  expect(ben.syncing.peers()).toMatchObject([{ lag: 0 }, { lag: 0 }]);
  expect(ana.troubles).toEqual([]);
});

it('closes by its timer what gossip has missed', async () => {
  await using nodes = new FeedNodes(archive);
  const ana = start(await nodes.open('ana'));
  const ben = start(await nodes.open('ben'), { everyMs: 50 });
  await using _a = ana.syncing;
  await using _b = ben.syncing;
  ben.network.handle(NEWS, async () => {});
  await connect(ben, ana);
  await eventually(() => expect(ben.syncing.peers()).toMatchObject([{ lag: 0 }]));
  await ana.ledger.append(appendOf('a'));
  await expectLevel(ana, ben);
});

it('goes on after a cut, with what both sides wrote meanwhile', async () => {
  await using nodes = new FeedNodes(archive);
  const ana = start(await nodes.open('ana'));
  const ben = start(await nodes.open('ben'));
  await using _a = ana.syncing;
  await using _b = ben.syncing;
  await connect(ben, ana);
  const mend = nodes.hub.part(ana.network, ben.network);
  await ana.ledger.append(appendOf('a'));
  await ben.ledger.append(appendOf('b'));
  mend();
  await connect(ben, ana);
  await eventually(() => expect(ana.ledger.size()).toBe(3));
  await expectLevel(ana, ben);
});

describe('a peer that fails', () => {
  it('is tried again, later each time, told to the operator once, and hinders nobody', async () => {
    await using nodes = new FeedNodes(archive);
    const ana = start(await nodes.open('ana'));
    const ben = await nodes.open('ben');
    const cyd = start(await nodes.open('cyd'));
    let tries = 0;
    ben.network.handle(FEED, async (stream) => {
      tries += 1;
      await stream.send(Uint8Array.of(0xff));
    });
    await using _a = ana.syncing;
    await using _c = cyd.syncing;
    await connect(cyd, ben);
    await connect(cyd, ana);
    await ana.ledger.append(appendOf('a'));
    await expectLevel(ana, cyd);
    await eventually(() => expect(tries).toBeGreaterThan(3));
    expect(cyd.troubles).toEqual(['peer_invalid']);
    const state = cyd.syncing.peers().find(({ peer }) => peer === ben.did);
    expect(state).toMatchObject({ lag: undefined, lastError: { code: 'peer_invalid' } });
  });

  it('by listing what no node accepts is pulled from without haste, and what is right is taken', async () => {
    await using nodes = new FeedNodes(archive);
    const ana = start(await nodes.open('ana'), { backoffMs: 600_000, maxBackoffMs: 600_000 });
    const cyd = await nodes.open('cyd');
    await using _a = ana.syncing;
    const { founding } = archive;
    const bad = makeEntry(archive, signerOf('eve'), [founding], appendOf('x').statements);
    const good = makeEntry(archive, signerOf('ben'), [founding], appendOf('y').statements);
    const log = new MadeLog(archive, signerOf('cyd'), [founding, bad, good]);
    cyd.network.handle(FEED, serveMade(log));
    await connect(ana, cyd);
    await eventually(() => expect(ana.troubles).toEqual(['peer_invalid']));
    expect(ana.ledger.size()).toBe(2);
    expect(ana.syncing.peers()).toMatchObject([{ lag: 0, lastError: { code: 'peer_invalid' } }]);
  });

  it('by refusing this node is pulled from as soon as it has news for it', async () => {
    await using nodes = new FeedNodes(archive);
    const ana = start(await nodes.open('ana'));
    const ben = start(await nodes.open('ben'), { backoffMs: 600_000, maxBackoffMs: 600_000 });
    await using _a = ana.syncing;
    await using _b = ben.syncing;
    const { feed } = ana.ledger;
    let isMember = false;
    const answer = serveFeed({ feed, mayHave: () => () => true });
    ana.network.handle(FEED, async (stream, signal) => {
      if (isMember) await answer(stream, signal);
      else throw new ArchiveError('peer_refused', 'it is for members');
    });
    await connect(ben, ana);
    await eventually(() => expect(ben.syncing.peers()[0]?.lastError).toBeDefined());
    isMember = true;
    await ana.ledger.append(appendOf('a'));
    await expectLevel(ana, ben);
  });

  it('for a while is level again as soon as it answers', async () => {
    await using nodes = new FeedNodes(archive);
    const ana = start(await nodes.open('ana'));
    const ben = start(await nodes.open('ben'));
    await using _a = ana.syncing;
    await using _b = ben.syncing;
    await ana.ledger.append(appendOf('a'));
    let failures = 3;
    const { importEntries } = ben.ledger.feed;
    Object.defineProperty(ben.ledger.feed, 'importEntries', {
      value: async (...args: Parameters<typeof importEntries>) => {
        if (failures-- > 0) throw new ArchiveError('disk_full', 'no room', { retryable: true });
        return importEntries(...args);
      },
    });
    await connect(ben, ana);
    await expectLevel(ana, ben);
    expect(ben.troubles).toEqual(['disk_full']);
    await eventually(() => expect(ben.syncing.peers()[0]?.lastError).toBeUndefined());
  });
});

it('pulls when asked to, whatever failed before, and says how far it is', async () => {
  await using nodes = new FeedNodes(archive);
  const ana = await nodes.open('ana');
  const ben = start(await nodes.open('ben'), { backoffMs: 600_000, maxBackoffMs: 600_000 });
  await using _b = ben.syncing;
  let isBroken = true;
  await ana.ledger.append(appendOf('a'));
  const { feed } = ana.ledger;
  const answer = serveFeed({ feed, mayHave: () => () => true });
  ana.network.handle(FEED, async (stream, signal) => {
    if (isBroken) throw new ArchiveError('internal', 'not now');
    await answer(stream, signal);
  });
  await connect(ben, ana);
  await eventually(() => expect(ben.syncing.peers()[0]?.lastError).toBeDefined());
  isBroken = false;
  const taken: number[] = [];
  const report = await ben.syncing.pull(ana.did, {
    onProgress: (progress) => taken.push(progress.taken),
  });
  expect(report).toMatchObject({ entries: 1, size: 2 });
  expect(taken.at(-1)).toBe(2);
});

it('ends what is under way when it is disposed, and what was taken by then stays', async () => {
  await using nodes = new FeedNodes(archive);
  const ana = await nodes.open('ana');
  const ben = start(await nodes.open('ben'));
  ana.network.handle(FEED, (_stream, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve());
    return promise;
  });
  await connect(ben, ana);
  await eventually(() => expect(ben.syncing.peers()).toMatchObject([{ isPulling: true }]));
  await ben.syncing[Symbol.asyncDispose]();
  expect(ben.syncing.peers()).toMatchObject([{ isPulling: false }]);
});
