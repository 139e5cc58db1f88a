import { expect, it } from 'vitest';
import { killedChild } from '../../support/killed-child.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { byteNode, bytesOf, meet } from './node.ts';

const MIB = 1_048_576;
const SIZE = 120 * MIB;

it('goes on after kill -9 without fetching twice what had been made durable', async () => {
  using from = temporaryFolder();
  using to = temporaryFolder();
  const asset = await storeIn(from.path);
  const sent = await killedChild(
    'replicate.ts',
    [from.path, to.path, asset.cid, String(asset.size)],
    async ({ lines, written }) => {
      while (lines().length < 80) await written();
    },
  );
  const before = sent.reduce((sum, line) => sum + Number(line), 0);
  const hub = new MemoryHub();
  await using sender = await byteNode(hub, 1, { folder: from.path });
  await using receiver = await byteNode(hub, 2, { folder: to.path });
  expect(await Array.fromAsync(receiver.content.verify())).toEqual([]);
  await meet(receiver, sender);
  const report = await receiver.replicator([asset]).pass(new AbortController().signal);
  expect(report).toMatchObject({ fetched: 1, unmet: 0 });
  // A kill costs what was not synced (32 MiB at most), and what was on its way.
  expect(before + report.receivedBytes).toBeLessThan(SIZE + 40 * MIB);
  expect(report.receivedBytes).toBeLessThan(SIZE - 30 * MIB);
  expect((await bytesOf(receiver, asset.cid)).equals(await bytesOf(sender, asset.cid))).toBe(true);
  expect(await Array.fromAsync(receiver.content.verify())).toEqual([]);
}, 60_000);

async function storeIn(folder: string) {
  await using node = await byteNode(new MemoryHub(), 1, { folder });
  return await node.put(SIZE);
}
