import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/core/hash.ts';
import type { Network } from '../../../src/core/ports/network.ts';
import { createSet } from '../../../src/core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../../src/core/statements/statement.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { FEED } from '../../../src/replica/feed/protocol.ts';
import { serveFeed } from '../../../src/replica/feed/serve-feed.ts';
import { syncWith } from '../../../src/replica/feed/sync-with.ts';
import { Syncing } from '../../../src/replica/feed/syncing.ts';
import { AT, appendOf } from '../../support/deposits.ts';
import { eventually } from '../../support/eventually.ts';
import { MadeLog, serveMade } from '../../support/hostile-feed.ts';
import { signerOf } from '../../support/keys.ts';
import { makeEntry, openReplica, testArchive } from '../../support/ledger-archive.ts';
import { openLoopbackNetwork } from '../../support/loopback-network.ts';
import { assetCid, BODIES } from '../../support/statement-bodies.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben', 'mal');

interface SocketNode {
  readonly ledger: SqliteLedger;
  readonly network: Network & AsyncDisposable;
}

async function openNode(
  opened: AsyncDisposableStack,
  folder: string,
  name: string,
): Promise<SocketNode> {
  const ledger = opened.use(await openReplica(archive, folder, name));
  const network = opened.use(await openLoopbackNetwork(name));
  network.handle(FEED, serveFeed({ feed: ledger.feed, mayHave: () => () => true }));
  return { ledger, network };
}

const partsOf = ({ ledger, network }: SocketNode) => ({
  network,
  feed: ledger.feed,
  feeds: ledger.feeds,
  verify: verifySignature,
  sha256,
});

const entriesOf = ({ ledger }: SocketNode) => ledger.feed.leaves(0, 100_000).map(toHex).sort();

describe('over sockets', () => {
  it('a fresh partner takes small entries, full batches and large sets', async () => {
    await using opened = new AsyncDisposableStack();
    const { path } = opened.use(temporaryFolder());
    const ana = await openNode(opened, path, 'ana');
    const ben = await openNode(opened, path, 'ben');
    const names = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => `asset ${from + i}`);
    for (let i = 0; i < 40; i++) await ana.ledger.append(appendOf(`small ${i}`));
    for (let i = 0; i < 3; i++) await ana.ledger.append(appendOf(...names(i * 1_024, 1_024)));
    const set = createSet(names(0, 40_000).map(assetCid), sha256);
    await ana.ledger.append({
      statements: [createStatement('hold', { set: set.cid }, AT, BODIES.hold)],
      records: [],
      documents: set.blocks,
    });
    const peer = await ben.network.dial(ana.network.addresses[0] ?? '');
    expect(await syncWith(peer, partsOf(ben))).toMatchObject({ entries: 44, skipped: 0, size: 45 });
    expect(entriesOf(ben)).toEqual(entriesOf(ana));
    expect(ben.ledger.feed.missingRecords(0, 1)).toEqual([]);
    expect(await ben.ledger.setMembers(set.cid)).toHaveLength(40_000);
  });

  it('nodes keep level while a hostile one feeds them lies without end', async () => {
    await using opened = new AsyncDisposableStack();
    const { path } = opened.use(temporaryFolder());
    const ana = await openNode(opened, path, 'ana');
    const ben = await openNode(opened, path, 'ben');
    const mal = opened.use(await openLoopbackNetwork('mal'));
    const eve = signerOf('eve');
    const hold = (name: string): StatementOutline =>
      createStatement('hold', { asset: assetCid(name) }, AT, BODIES.hold);
    const junk = Array.from({ length: 300 }, (_, i) =>
      makeEntry(archive, eve, [archive.founding], [hold(`junk ${i}`)]),
    );
    const log = new MadeLog(archive, signerOf('mal'), [archive.founding, ...junk]);
    let epoch = 0;
    // Each time another log, so that nothing of what was skipped helps.
    mal.handle(FEED, (stream, signal) => {
      epoch += 1;
      const other = new MadeLog(
        archive,
        signerOf('mal'),
        [archive.founding, ...junk],
        epoch.toString(16).padStart(2, '0').slice(-2),
      );
      return serveMade(epoch === 1 ? log : other)(stream, signal);
    });
    const syncing = [ana, ben].map((node) =>
      opened.use(
        new Syncing({
          ...partsOf(node),
          mayHave: () => () => true,
          clock: Date.now,
          onNews: () => {},
          onTrouble: () => {},
          timing: { everyMs: 20, gapMs: 5 },
        }),
      ),
    );
    for (const one of syncing) one.start();
    await ben.network.dial(ana.network.addresses[0] ?? '');
    await ben.network.dial(mal.addresses[0] ?? '');
    await ana.network.dial(mal.addresses[0] ?? '');
    for (let i = 0; i < 8; i++) {
      await ana.ledger.append(appendOf(`honest ${i}`));
      await eventually(() => expect(ben.ledger.size()).toBe(i + 2));
    }
    expect(epoch).toBeGreaterThan(0);
    expect(entriesOf(ben)).toEqual(entriesOf(ana));
  });
});
