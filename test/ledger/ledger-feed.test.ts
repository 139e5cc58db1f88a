import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/core/entries/note.ts';
import type { RecordOwner } from '../../src/core/entries/record-owners.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../src/core/merkle/tree.ts';
import type { Leaf, LedgerFeed } from '../../src/core/ports/ledger-feed.ts';
import { encodeBlock } from '../../src/core/statements/block.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { AT, appendOf, depositOf, noteOf } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import { makeEntry, openReplica, testArchive } from '../support/ledger-archive.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben', 'cyd');
const everybody = () => true;
const nobody = () => false;

/** Gives one ledger all that the other has. */
async function copy(
  from: LedgerFeed,
  to: SqliteLedger,
  mayHave: (owner: RecordOwner) => boolean = everybody,
): Promise<void> {
  const deliveries = from.leaves(0, 1_000).map((leaf) => deliveryOf(from, leaf, mayHave));
  const imported = await to.importEntries(deliveries);
  expect(imported.filter(({ outcome }) => outcome === 'refused')).toEqual([]);
}

function deliveryOf(feed: LedgerFeed, leaf: Leaf, mayHave: (owner: RecordOwner) => boolean) {
  const delivery = feed.delivery(leaf, mayHave);
  if (delivery === undefined) throw new Error('an entry of the log is not here');
  return delivery;
}

async function expectWhole(ledger: SqliteLedger): Promise<void> {
  for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
}

describe('the head of a feed', () => {
  it('is signed, and proves what comes after to whoever saw less', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    await ledger.append(appendOf('a'));
    const early = ledger.feed.head();
    for (const name of ['b', 'c', 'd']) await ledger.append(appendOf(name));
    const { feed } = ledger;
    const head = feed.head();
    expect(openCheckpoint(head.note, feed.did, verifySignature, sha256)).toMatchObject({
      size: 5,
      root: Uint8Array.from(head.root),
    });
    const proof = feed.consistencyProof(early.size, head.size);
    expect(verifyConsistency(2, 5, proof, early.root, head.root, sha256)).toBe(true);
    expect(feed.consistencyProof(0, 5)).toEqual([]);
    for (const [i, leaf] of feed.leaves(0, 9).entries()) {
      const path = feed.inclusionProof(i, 5);
      const hash = leafHash(leaf, sha256);
      expect(verifyInclusion(hash, i, 5, path, head.root, sha256)).toBe(true);
    }
    expect(feed.leaves(3, 1)).toEqual(feed.leaves(0, 9).slice(3, 4));
  });
});

describe('a delivery', () => {
  it('has all that belongs to an entry, so that another ledger takes it', async () => {
    using folder = temporaryFolder();
    await using one = await openReplica(archive, folder.path, 'ana');
    await using other = await openReplica(archive, folder.path, 'ben');
    const set = createSet([assetCid('a'), assetCid('b')], sha256);
    await one.append(appendOf('a', 'b'));
    await one.append({
      statements: [createStatement('hold', { set: set.cid }, AT, BODIES.hold)],
      records: [],
      documents: set.blocks,
    });
    await copy(one.feed, other);
    expect(await other.setMembers(set.cid)).toHaveLength(2);
    expect(other.record(depositOf('b').record.cid)).toMatchObject({ title: 'b' });
    expect(other.feed.missingRecords(0, 9)).toEqual([]);
    await expectWhole(other);
  });

  it('has those pages of a broken set that are here', async () => {
    using folder = temporaryFolder();
    await using one = await openReplica(archive, folder.path, 'ana');
    await using other = await openReplica(archive, folder.path, 'ben');
    const root = { v: 1, count: 2, root: '00'.repeat(32) };
    const page = encodeBlock({ v: 1, members: [Uint8Array.of(1), Uint8Array.of(0)] }, sha256);
    const unread = encodeBlock({ v: 1 }, sha256);
    const broken = encodeBlock({ ...root, pages: [page.cid, unread.cid] }, sha256);
    const noSet = encodeBlock({ v: 9 }, sha256);
    const statements = [broken, noSet].map(({ cid }) =>
      createStatement('hold', { set: cid }, AT, BODIES.hold),
    );
    const made = makeEntry(archive, signerOf('cyd'), [archive.founding], statements);
    const blocks = [...made.blocks, broken, page, noSet];
    await one.importEntries([{ ...made, blocks }]);
    await copy(one.feed, other);
    await expectWhole(other);
  });

  it('is of an entry that is here', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    expect(ledger.feed.delivery(new Uint8Array(36), everybody)).toBeUndefined();
    expect(ledger.feed.has(new Uint8Array(36))).toBe(false);
    expect(ledger.feed.has(ledger.feed.leaves(0, 1)[0] ?? new Uint8Array(0))).toBe(true);
  });
});

describe('records', () => {
  const note = noteOf('about a');
  const hold = createStatement('hold', { asset: assetCid('a') }, AT, {
    ...BODIES.hold,
    record: note.cid,
  });

  it('go by what they belong to: a collection, a deposit, an asset', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    const { entry } = await ledger.append(appendOf('a'));
    await ledger.append({ statements: [hold], records: [note], documents: [] });
    const again = noteOf('again');
    const licence = createStatement('licence', { asset: assetCid('a') }, AT, {
      deposit: `${entry}/0`,
      licence: 'CC0-1.0',
      replaces: [],
      record: again.cid,
    });
    await ledger.append({ statements: [licence], records: [again], documents: [] });
    const asked: RecordOwner[] = [];
    for (const leaf of ledger.feed.leaves(1, 9)) {
      const { records } = deliveryOf(ledger.feed, leaf, (owner) => {
        asked.push(owner);
        return false;
      });
      expect(records).toEqual([]);
    }
    expect(asked).toEqual([
      { collection: BODIES.deposit.collection, author: signerOf('ana').did },
      { asset: assetCid('a') },
      { collection: BODIES.deposit.collection, author: signerOf('ana').did },
    ]);
  });

  it('of an asset deposited in the same entry go by its collection too', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    const { statement, record } = depositOf('a');
    await ledger.append({
      statements: [statement, hold],
      records: [record, note],
      documents: [],
    });
    const [leaf] = ledger.feed.leaves(1, 1);
    const delivery = deliveryOf(
      ledger.feed,
      leaf ?? new Uint8Array(0),
      (owner) => owner !== null && 'collection' in owner,
    );
    expect(delivery.records.map(({ cid }) => cid)).toEqual([record.cid, note.cid]);
  });

  it('that did not come are known to be missing, and are taken when they come', async () => {
    using folder = temporaryFolder();
    await using one = await openReplica(archive, folder.path, 'ana');
    await using other = await openReplica(archive, folder.path, 'ben');
    await one.append(appendOf('a', 'b'));
    await one.append(appendOf('c'));
    await copy(one.feed, other, nobody);
    await expectWhole(other);
    const missing = other.feed.missingRecords(0, 9);
    const cids = ['a', 'b', 'c'].map((name) => depositOf(name).record.cid);
    expect(missing.map(({ arrival }) => arrival)).toEqual([1, 2]);
    expect(missing.flatMap(({ records }) => records).sort()).toEqual([...cids].sort());
    expect(other.feed.missingRecords(0, 1)).toEqual(missing.slice(0, 1));
    expect(other.feed.missingRecords(2, 9)).toEqual(missing.slice(1));
    const [first] = missing;
    if (first === undefined) throw new Error('records are missing');
    expect(one.feed.records(first.leaf, first.records, nobody)).toEqual([]);
    const fetched = one.feed.records(first.leaf, [...first.records, ...cids], everybody);
    const stray = noteOf('of no entry');
    const forged = { cid: depositOf('c').record.cid, bytes: stray.bytes };
    const stored = await other.feed.importRecords([...fetched, stray, forged]);
    expect([...stored].sort()).toEqual([...first.records].sort());
    expect(other.lateRecords(0, 9)).toEqual(stored);
    expect(other.lateRecords(1, 1)).toEqual(stored.slice(1));
    expect(other.lateRecordCount()).toBe(2);
    expect(other.record(depositOf('a').record.cid)).toMatchObject({ title: 'a' });
    expect(other.record(stray.cid)).toBeUndefined();
    expect(other.feed.missingRecords(0, 9)).toEqual(missing.slice(1));
    await expectWhole(other);
  });
});

it('takes under the CID of a record what is none, and then it says nothing', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  const junk = encodeBlock({ v: 1, junk: true }, sha256);
  const body = { ...BODIES.hold, record: junk.cid };
  const hold = createStatement('hold', { asset: assetCid('a') }, AT, body);
  const made = makeEntry(archive, signerOf('cyd'), [archive.founding], [hold]);
  const [imported] = await ledger.importEntries([{ ...made, records: [junk] }]);
  expect(imported).toMatchObject({ outcome: 'accepted' });
  expect(ledger.record(junk.cid)).toBeUndefined();
  expect(ledger.feed.missingRecords(0, 9)).toEqual([]);
  await expectWhole(ledger);
});

it('tells who watches when the log has grown, and only then', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  let told = 0;
  const stop = ledger.feed.watch(() => {
    told += 1;
    throw new Error('its own affair');
  });
  await ledger.append(appendOf('a'));
  const made = makeEntry(archive, signerOf('cyd'), [archive.founding], appendOf('b').statements);
  await ledger.importEntries([made]);
  await ledger.importEntries([made]);
  await ledger.checkpoint();
  await ledger.checkpoint();
  expect(told).toBe(3);
  stop();
  await ledger.append(appendOf('c'));
  expect(told).toBe(3);
});

describe('what is remembered of another feed', () => {
  const head = { origin: 'o/ben/1', size: 3, root: Uint8Array.of(1), note: 'three' };
  const ben = signerOf('ben').did;

  it('is taken together with the entries, or not at all', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    const made = makeEntry(archive, signerOf('ben'), [archive.founding], appendOf('a').statements);
    const taken = {
      origin: head.origin,
      frontier: { size: 2, hashes: [new Uint8Array(32).fill(7)] },
      skipped: [{ leaf: Uint8Array.of(9), reason: 'of no use' }],
    };
    // No head of this feed was seen: nothing of the page stays.
    await expect(ledger.importEntries([made], () => taken)).rejects.toThrow(RangeError);
    expect(ledger.size()).toBe(1);
    ledger.feeds.saw(ben, head);
    await ledger.importEntries([made], () => taken);
    expect(ledger.feeds.feed(head.origin)).toEqual({ peer: ben, head, taken: taken.frontier });
    expect(ledger.feeds.isSkipped(head.origin, Uint8Array.of(9))).toBe(true);
    expect(ledger.feeds.isSkipped('o/ben/2', Uint8Array.of(9))).toBe(false);
    const later = { ...head, size: 4, note: 'four' };
    ledger.feeds.saw(ben, later);
    expect(ledger.feeds.feed(head.origin)).toMatchObject({ head: later, taken: { size: 2 } });
    ledger.feeds.saw(ben, { ...head, origin: 'o/ben/2' });
    expect(ledger.feeds.newestFeed(ben)?.head.origin).toBe('o/ben/2');
  });

  it('keeps the evidence of a contradiction once, and begins anew when the operator says so', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    const accusation = {
      peer: ben,
      sort: 'rewritten',
      notes: ['three', 'other three'],
    } as const;
    ledger.feeds.saw(ben, head);
    ledger.feeds.accuse(accusation);
    ledger.feeds.accuse(accusation);
    expect(ledger.feeds.contradictions()).toEqual([{ ...accusation, settled: false }]);
    ledger.feeds.settle(ben);
    expect(ledger.feeds.contradictions()).toEqual([{ ...accusation, settled: true }]);
    expect(ledger.feeds.newestFeed(ben)).toBeUndefined();
    await expectWhole(ledger);
  });
});
