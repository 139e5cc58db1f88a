import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { joinArchive } from '../../src/compose/founding/join-archive.ts';
import type { EntryHash } from '../../src/core/statements/fields.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { FEED } from '../../src/replica/feed/protocol.ts';
import { AT, appendOf } from '../support/deposits.ts';
import { serveMade } from '../support/hostile-feed.ts';
import { signerOf } from '../support/keys.ts';
import { makeEntry } from '../support/ledger-archive.ts';
import { openLoopbackNetwork } from '../support/loopback-network.ts';
import { Siege, within } from '../support/siege.ts';
import { smallDisk, whyNoDisk } from '../support/small-disk.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';

vi.setConfig({ testTimeout: 240_000 });

const NEXT_ROUND = { timeout: 90_000, interval: 200 };

const why = whyNoDisk('tmpfs');

describe.skipIf(why !== '')(`a partner whose disk fills up${why}`, () => {
  it('says so, holds nobody up, and takes all that it missed when there is room', async () => {
    await using siege = await Siege.begin();
    using disk = smallDisk(48);
    const home = join(disk.path, 'home');
    await joinArchive(home, await siege.invitation());
    const { node } = await siege.open(home);
    const { feed, ledger } = node.archive;
    const acknowledged: EntryHash[] = [];
    /** Writes until there is no room for more. */
    const writeUntilFull = async (): Promise<never> => {
      for (;;) {
        const { entry } = await ledger.checkpoint({ force: true });
        if (entry !== undefined) acknowledged.push(entry);
      }
    };
    const behind = async () => {
      const { findings } = await siege.doctor(home);
      return findings.filter(({ kind }) => kind === 'behind').map(({ text }) => text);
    };
    const missed: EntryHash[] = [];
    await siege.during(async () => {
      disk.fill();
      for (let i = 0; i < 8; i++) {
        const names = Array.from({ length: 200 }, (_, place) => `missed ${i}/${place}`);
        const { entry } = await siege.victim.archive.ledger.append(appendOf(...names));
        missed.push(entry);
      }
      await within(async () =>
        expect(await behind()).toContainEqual(expect.stringMatching(/is not taken.*disk_full/)),
      );
      await expect(writeUntilFull()).rejects.toMatchObject({ code: 'disk_full' });
    });
    disk.empty();
    await vi.waitFor(() => {
      for (const entry of missed) expect(feed.arrivalOf(entry)).toBeDefined();
    }, NEXT_ROUND);
    await within(async () =>
      expect((await behind()).filter((text) => text.includes('disk_full'))).toEqual([]),
    );
    await within(() => expect(acknowledged.every((hash) => siege.has({ hash }))).toBe(true));
    for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
  });
});

it('R4: what a partner wrote and told nobody of is taken all the same, within a minute or so', async () => {
  await using siege = await Siege.begin();
  await siege.grant('mute', 'archivist');
  const held = siege.entries();
  const { address } = siege.victim.archive.ledger;
  const hold = (asset: string) =>
    createStatement('hold', { asset: assetCid(asset) }, AT, BODIES.hold);
  const first = makeEntry({ address }, signerOf('mute'), held.slice(-1), [hold('first')]);
  const second = makeEntry({ address }, signerOf('mute'), [first], [hold('second')]);
  let log = siege.logOf('mute', [first], held);
  await using mute = await openLoopbackNetwork('mute', { listen: [] });
  mute.handle(FEED, (stream, signal) => serveMade(log)(stream, signal));
  await mute.dial(siege.address);
  await within(() => expect(siege.has(first)).toBe(true));
  log = siege.logOf('mute', [first, second], held);
  await siege.during(() => vi.waitFor(() => expect(siege.has(second)).toBe(true), NEXT_ROUND));
});
