import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkAsset } from '../../src/archive/copies/check-asset.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { WantedAsset } from '../../src/core/ports/replica-wants.ts';
import { LocalReplica } from '../../src/replica/local-replica.ts';
import { MemoryHub } from '../support/memory-network.ts';
import { type ByteNode, byteNode, bytesOf, meet } from './bytes/node.ts';

const MIB = 1_048_576;

function replicaOf(node: ByteNode, wanted: readonly WantedAsset[], sizes: Map<Cid, number>) {
  return new LocalReplica({
    network: node.network,
    replicator: node.replicator(wanted),
    now: () => '2026-11-22T12:00:00Z',
    check: async (asset, signal) => {
      const size = sizes.get(asset) ?? 0;
      const checked = await checkAsset(node.content, { cid: asset, size }, { signal });
      return checked.outcome === 'intact' ? undefined : { root: asset, ...checked };
    },
  });
}

async function damage(node: ByteNode, asset: Cid, ...segments: readonly number[]): Promise<void> {
  const places = await node.content.locate(asset);
  for (const segment of segments) {
    const place = places[segment];
    if (place === undefined) throw new RangeError('no such segment');
    const pack = readFileSync(place.path);
    pack[place.offset] = (pack[place.offset] ?? 0) ^ 1;
    writeFileSync(place.path, pack);
  }
}

it('fetches once for everybody who asks at the same time, and heals what was noted as damaged', async () => {
  const hub = new MemoryHub();
  await using a = await byteNode(hub, 1);
  await using b = await byteNode(hub, 2);
  const asset = await a.put(3 * MIB);
  await meet(b, a);
  using replica = replicaOf(b, [asset], new Map([[asset.cid, asset.size]]));
  const reports = await Promise.all([replica.replicate(), replica.replicate()]);
  expect(reports.map(({ fetched }) => fetched)).toEqual([1, 0]);
  expect(replica.lastPass?.report).toEqual(reports[1]);
  expect(replica.contacts()).toMatchObject([{ did: a.did, connected: true }]);
  await damage(b, asset.cid, 0, 2);
  expect(await Array.fromAsync(b.content.verify())).toHaveLength(2);
  replica.noteDamage(asset.cid);
  const report = await replica.replicate();
  expect(report).toMatchObject({ fetched: 1, unmet: 0 });
  expect(report.receivedBytes).toBeLessThan(2.1 * MIB);
  expect(await Array.fromAsync(b.content.verify())).toEqual([]);
  expect((await bytesOf(b, asset.cid)).equals(await bytesOf(a, asset.cid))).toBe(true);
  // What is whole by then is not fetched again.
  replica.noteDamage(asset.cid);
  expect(await replica.replicate()).toMatchObject({ fetched: 0, receivedBytes: 0 });
});

it('goes on after a pass that was stopped', async () => {
  const hub = new MemoryHub();
  await using a = await byteNode(hub, 1);
  await using b = await byteNode(hub, 2);
  const asset = await a.put(10);
  await meet(b, a);
  using replica = replicaOf(b, [asset], new Map());
  const stopped = await replica.replicate({ signal: AbortSignal.abort() });
  expect(stopped).toMatchObject({ fetched: 0 });
  expect(await replica.replicate()).toMatchObject({ fetched: 1 });
});
