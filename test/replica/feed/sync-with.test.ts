import { describe, expect, it } from 'vitest';
import type { RecordOwner } from '../../../src/core/entries/record-owners.ts';
import { toHex } from '../../../src/core/hash.ts';
import { createSet } from '../../../src/core/statements/set.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { type SyncProgress, syncWith } from '../../../src/replica/feed/sync-with.ts';
import { AT, appendOf, depositOf } from '../../support/deposits.ts';
import { connect, type FeedNode, FeedNodes } from '../../support/feed-node.ts';
import { signerOf } from '../../support/keys.ts';
import { makeEntry, testArchive } from '../../support/ledger-archive.ts';
import { assetCid, BODIES } from '../../support/statement-bodies.ts';

const archive = testArchive('ana', 'ben', 'cyd');

/** The accepted entries of a node, in an order that is the same everywhere. */
function entriesOf({ ledger }: FeedNode): string[] {
  return ledger.feed.leaves(0, 100_000).map(toHex).sort();
}

async function expectWhole({ ledger }: FeedNode): Promise<void> {
  for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
}

const hold = (asset: string) =>
  createStatement('hold', { asset: assetCid(asset) }, AT, BODIES.hold);

it('takes all that another node has, with what belongs to it, and then nothing more', async () => {
  await using nodes = new FeedNodes(archive);
  const ana = await nodes.open('ana');
  const ben = await nodes.open('ben');
  const set = createSet([assetCid('a'), assetCid('b')], sha256);
  for (const name of ['a', 'b', 'c']) await ana.ledger.append(appendOf(name));
  await ana.ledger.append({
    statements: [createStatement('hold', { set: set.cid }, AT, BODIES.hold)],
    records: [],
    documents: set.blocks,
  });
  await connect(ben, ana);
  const progress: SyncProgress[] = [];
  const report = await syncWith(ana.did, ben.parts, { onProgress: (one) => progress.push(one) });
  expect(report).toMatchObject({ entries: 4, skipped: 0, records: [], size: 5 });
  expect(report.bytes).toBeGreaterThan(2_000);
  expect(progress.at(-1)).toEqual({ taken: 5, size: 5 });
  expect(entriesOf(ben)).toEqual(entriesOf(ana));
  expect(ben.ledger.record(depositOf('b').record.cid)).toMatchObject({ title: 'b' });
  await expectWhole(ben);
  expect(await syncWith(ana.did, ben.parts)).toMatchObject({ entries: 0, bytes: 0, size: 5 });
});

it('asks only for the bodies that it lacks, so that a second partner costs hashes alone', async () => {
  await using nodes = new FeedNodes(archive);
  const [ana, ben, cyd] = [
    await nodes.open('ana'),
    await nodes.open('ben'),
    await nodes.open('cyd'),
  ];
  for (const name of ['a', 'b', 'c']) await ana.ledger.append(appendOf(name));
  await connect(ben, ana);
  await connect(cyd, ana);
  await connect(cyd, ben);
  await syncWith(ana.did, ben.parts);
  await ben.ledger.append(appendOf('d'));
  expect(await syncWith(ana.did, cyd.parts)).toMatchObject({ entries: 3 });
  expect(await syncWith(ben.did, cyd.parts)).toMatchObject({ entries: 1, size: 5 });
  expect(entriesOf(cyd)).toEqual(entriesOf(ben));
});

it('takes a long log in pages, and goes on from where it was when a pull is cut off', async () => {
  await using nodes = new FeedNodes(archive);
  const ana = await nodes.open('ana');
  const ben = await nodes.open('ben');
  let parent: Parameters<typeof makeEntry>[2][number] = archive.founding;
  const entries = [];
  for (let i = 0; i < 1_300; i++) {
    const made = makeEntry(archive, signerOf('cyd'), [parent], [hold(`a${i}`)]);
    entries.push(made);
    parent = made;
  }
  await ana.ledger.importEntries(entries);
  await connect(ben, ana);
  let cuts = 0;
  let before = 0;
  for (;;) {
    const giveUp = new AbortController();
    const pull = syncWith(ana.did, ben.parts, {
      signal: giveUp.signal,
      onProgress: ({ taken }) => {
        if (taken > before) giveUp.abort();
      },
    });
    const outcome = await pull.catch((error: unknown) => error);
    const taken = ben.ledger.feeds.newestFeed(ana.did)?.taken.size ?? 0;
    expect(taken).toBe(ben.ledger.size());
    if (!(outcome instanceof Error)) break;
    expect(outcome).toMatchObject({ code: 'aborted' });
    expect(taken).toBeGreaterThan(before);
    before = taken;
    cuts += 1;
  }
  expect(cuts).toBeGreaterThan(1);
  expect(entriesOf(ben)).toEqual(entriesOf(ana));
  await expectWhole(ben);
});

it('gives records only to those who may have them, and later when they may', async () => {
  await using nodes = new FeedNodes(archive);
  const allowed = new Set<string>();
  const mayHave = () => (owner: RecordOwner) =>
    owner !== null && 'collection' in owner && allowed.has(owner.collection);
  const ana = await nodes.open('ana', { mayHave });
  const ben = await nodes.open('ben');
  await ana.ledger.append(appendOf('a', 'b'));
  await connect(ben, ana);
  expect(await syncWith(ana.did, ben.parts, { withRecords: true })).toMatchObject({
    entries: 1,
    records: [],
  });
  expect(ben.ledger.record(depositOf('a').record.cid)).toBeUndefined();
  allowed.add(BODIES.deposit.collection);
  expect(await syncWith(ana.did, ben.parts)).toMatchObject({ records: [] });
  const { records } = await syncWith(ana.did, ben.parts, { withRecords: true });
  expect([...records].sort()).toEqual(['a', 'b'].map((one) => depositOf(one).record.cid).sort());
  expect(ben.ledger.record(depositOf('a').record.cid)).toMatchObject({ title: 'a' });
  await expectWhole(ben);
});

it('relays what a third node wrote', async () => {
  await using nodes = new FeedNodes(archive);
  const [ana, ben, cyd] = [
    await nodes.open('ana'),
    await nodes.open('ben'),
    await nodes.open('cyd'),
  ];
  await ana.ledger.append(appendOf('a'));
  await connect(ben, ana);
  await connect(cyd, ben);
  await syncWith(ana.did, ben.parts);
  await syncWith(ben.did, cyd.parts);
  expect(entriesOf(cyd)).toEqual(entriesOf(ana));
});

it('is refused by a node of another archive', async () => {
  await using nodes = new FeedNodes(archive);
  await using others = new FeedNodes(testArchive('ben', 'ana'));
  const ana = await nodes.open('ana');
  const ben = await others.open('ben');
  const { network } = await nodes.open('cyd');
  await network.dial(ana.network.addresses[0] ?? '');
  const parts = { ...ben.parts, network };
  await expect(syncWith(ana.did, parts)).rejects.toMatchObject({ code: 'peer_refused' });
});

describe('a home of the same key', () => {
  it('that begins a new epoch begins a new feed', async () => {
    await using nodes = new FeedNodes(archive);
    const [ana, ben] = [await nodes.open('ana'), await nodes.open('ben')];
    await ana.ledger.append(appendOf('a'));
    await connect(ben, ana);
    await syncWith(ana.did, ben.parts);
    await nodes.unplug(ana);
    const restored = await nodes.open('ana', { file: 'restored' });
    await connect(restored, ben);
    await syncWith(ben.did, restored.parts);
    await restored.ledger.append(appendOf('b'));
    expect(await syncWith(ana.did, ben.parts)).toMatchObject({ entries: 1, size: 3 });
    expect(ben.ledger.feeds.contradictions()).toEqual([]);
  });

  it('that goes on beside the new one is told to the operator, with both notes', async () => {
    await using nodes = new FeedNodes(archive);
    const [ana, ben] = [await nodes.open('ana'), await nodes.open('ben')];
    await ana.ledger.append(appendOf('a'));
    await connect(ben, ana);
    await syncWith(ana.did, ben.parts);
    await nodes.unplug(ana);
    const copy = await nodes.open('ana', { file: 'copy' });
    await connect(copy, ben);
    await copy.ledger.append(appendOf('b'));
    await syncWith(ana.did, ben.parts);
    await nodes.unplug(copy);
    await connect(ana, ben);
    await ana.ledger.append(appendOf('c'));
    await syncWith(ana.did, ben.parts);
    const [found, second] = ben.ledger.feeds.contradictions();
    expect(found).toMatchObject({ peer: ana.did, sort: 'copied-key', settled: false });
    expect(new Set(found?.notes).size).toBe(2);
    expect(second).toBeUndefined();
    // Both are taken: the forks are in the ledger for all to see.
    expect(ben.ledger.size()).toBe(4);
    expect(ben.ledger.forks()).toHaveLength(1);
  });
});
