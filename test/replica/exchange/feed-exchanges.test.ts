import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordOwner } from '../../../src/core/entries/record-owners.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { feedExchanges } from '../../../src/replica/exchange/feed-exchanges.ts';
import { appendOf, depositOf } from '../../support/deposits.ts';
import { signerOf } from '../../support/keys.ts';
import { openReplica, testArchive } from '../../support/ledger-archive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben');
const recipient = signerOf('ben').did;
const invalid = expect.objectContaining({ code: 'input_invalid' });

function exchangesOf(ledger: SqliteLedger, mayHave: (owner: RecordOwner) => boolean = () => true) {
  const { feed, feeds } = ledger;
  const tools = { verify: verifySignature, sha256 };
  return feedExchanges({ ledger, feed, feeds, ...tools, mayHave: () => mayHave });
}

describe('a feed in a file', () => {
  it('brings another home level, and again what is new since', async () => {
    using folder = temporaryFolder();
    await using ana = await openReplica(archive, folder.path, 'ana');
    await using ben = await openReplica(archive, folder.path, 'ben');
    for (const name of ['a', 'b', 'c']) await ana.append(appendOf(name));
    const path = join(folder.path, 'feed');
    const first = await exchangesOf(ana).exportFeed(path, { since: 0, recipient });
    expect(first).toMatchObject({ entries: 4, size: 4 });
    expect((await readFile(path)).length).toBe(first.bytes);
    const taken = await exchangesOf(ben).importFeed(path);
    expect(taken).toEqual({ from: ana.self.did, entries: 3, skipped: 0, size: 4 });
    expect(await exchangesOf(ben).importFeed(path)).toMatchObject({ entries: 0 });
    await ana.append(appendOf('d'));
    await exchangesOf(ana).exportFeed(path, { since: 4, recipient });
    expect(await exchangesOf(ben).importFeed(path)).toMatchObject({ entries: 1, size: 5 });
    expect(ben.record(depositOf('d').record.cid)).toMatchObject({ title: 'd' });
    for await (const problem of ben.verify()) expect(problem).toBeUndefined();
  });

  it('holds the records that its recipient may have, and none for nobody', async () => {
    using folder = temporaryFolder();
    await using ana = await openReplica(archive, folder.path, 'ana');
    await using ben = await openReplica(archive, folder.path, 'ben');
    await ana.append(appendOf('a'));
    const path = join(folder.path, 'feed');
    const { record } = depositOf('a');
    const hasRecord = async () => (await readFile(path)).includes(Buffer.from(record.bytes));
    await exchangesOf(ana).exportFeed(path, { since: 0 });
    expect(await hasRecord()).toBe(false);
    await exchangesOf(ana, () => false).exportFeed(path, { since: 0, recipient });
    expect(await hasRecord()).toBe(false);
    await exchangesOf(ana).exportFeed(path, { since: 0, recipient });
    expect(await hasRecord()).toBe(true);
    await exchangesOf(ben).importFeed(path);
    expect(ben.record(record.cid)).toMatchObject({ title: 'a' });
    await expect(
      exchangesOf(ana).exportFeed(path, { since: 0, recipient: signerOf('stranger').did }),
    ).rejects.toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('is not taken if it begins too late, is of another archive, or is none', async () => {
    using folder = temporaryFolder();
    using elsewhere = temporaryFolder();
    await using ana = await openReplica(archive, folder.path, 'ana');
    await using ben = await openReplica(archive, folder.path, 'ben');
    await using other = await openReplica(testArchive('cyd', 'ben'), elsewhere.path, 'cyd');
    for (const name of ['a', 'b']) await ana.append(appendOf(name));
    const path = join(folder.path, 'feed');
    await exchangesOf(ana).exportFeed(path, { since: 2, recipient });
    await expect(exchangesOf(ben).importFeed(path)).rejects.toThrow(invalid);
    await exchangesOf(other).exportFeed(path, { since: 0 });
    await expect(exchangesOf(ben).importFeed(path)).rejects.toThrow(invalid);
    await writeFile(path, 'nothing of the sort');
    await expect(exchangesOf(ben).importFeed(path)).rejects.toThrow(invalid);
    expect(ben.size()).toBe(1);
  });

  it('is not taken in part when a byte of it is another, or it is cut short', async () => {
    using folder = temporaryFolder();
    await using ana = await openReplica(archive, folder.path, 'ana');
    await using ben = await openReplica(archive, folder.path, 'ben');
    for (const name of ['a', 'b']) await ana.append(appendOf(name));
    const path = join(folder.path, 'feed');
    await exchangesOf(ana).exportFeed(path, { since: 0, recipient });
    const bytes = await readFile(path);
    for (let turn = 0; turn < 60; turn++) {
      const flipped = Buffer.from(bytes);
      const place = Math.floor((turn / 60) * bytes.length);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << (turn % 8));
      await writeFile(path, flipped);
      await expect(exchangesOf(ben).importFeed(path), `byte ${place}`).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^input_invalid$/) }),
      );
    }
    await writeFile(path, bytes);
    await truncate(path, bytes.length - 40);
    await expect(exchangesOf(ben).importFeed(path)).rejects.toThrow(invalid);
    expect(ben.size()).toBe(1);
  });

  it('of a log that was rewritten is evidence, and is not taken', async () => {
    using folder = temporaryFolder();
    using elsewhere = temporaryFolder();
    await using ben = await openReplica(archive, folder.path, 'ben');
    const path = join(folder.path, 'feed');
    for (const [where, names] of [
      [folder.path, ['a', 'b']],
      [elsewhere.path, ['x', 'y', 'z']],
    ] as const) {
      await using ana = await openReplica(archive, where, 'ana');
      for (const name of names) await ana.append(appendOf(name));
      await exchangesOf(ana).exportFeed(path, { since: 0, recipient });
      const taking = exchangesOf(ben).importFeed(path);
      if (where === folder.path) expect(await taking).toMatchObject({ entries: 2 });
      else {
        await expect(taking).rejects.toThrow(expect.objectContaining({ code: 'peer_equivocates' }));
      }
    }
    expect(ben.feeds.contradictions()).toHaveLength(1);
  });
});
