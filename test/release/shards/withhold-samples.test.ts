import { describe, expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import { orderKey } from '../../../src/release/members/place-member.ts';
import { findShards } from '../../../src/release/shards/find-shards.ts';
import { createShardDag, SAMPLES_PER_NODE } from '../../../src/release/shards/shard-dag.ts';
import { encodeSidecar } from '../../../src/release/shards/sidecar.ts';
import { withholdSamples } from '../../../src/release/shards/withhold-samples.ts';
import { createMemoryContent, readAll, sha256 } from '../../support/memory-content.ts';
import { noise, releaseMember, releaseRequest } from '../../support/release-members.ts';

const COUNT = 3 * SAMPLES_PER_NODE;
const content = createMemoryContent();
const members = Array.from({ length: COUNT }, (_, index) => {
  const bytes = noise(`work ${index}`, index === 5 ? 0 : 100 + 7 * index);
  return releaseMember(content.putFile(bytes), bytes);
});

/** Composes a shard of members; the bytes of its tar are written by the same code that cuts. */
async function compose(of: typeof members) {
  const dag = createShardDag(sha256);
  const blocks = of.flatMap((member) => {
    const asset = { cid: member.cid, fileSize: member.size, dagSize: member.dagSize };
    const sidecar = encodeSidecar(member, releaseRequest);
    const names = { name: `${member.cid}.png`, sidecarName: `${member.cid}.json` };
    return dag.add({ ...names, asset, sidecar }).blocks;
  });
  const { root, blocks: last, glueBytes } = dag.finish();
  for (const { cid, bytes } of [...blocks, ...last]) await content.putBlock(cid, bytes);
  return { cid: root.cid, size: root.fileSize, samples: of.length, glueBytes };
}

const cidAt = (index: number) => members[index]?.cid as Cid;

describe('a shard without some of its samples', () => {
  it.each<readonly [string, readonly number[]]>([
    ['the first', [0]],
    ['one in the middle', [200]],
    ['the last of a node', [SAMPLES_PER_NODE - 1]],
    ['the first of a node', [SAMPLES_PER_NODE]],
    ['the last of all', [COUNT - 1]],
    ['one without bytes', [5]],
    ['neighbours over the end of a node', [126, 127, 128, 129]],
    ['a whole node', Array.from({ length: SAMPLES_PER_NODE }, (_, at) => at + SAMPLES_PER_NODE)],
    ['all but one', members.flatMap((_, at) => (at === 300 ? [] : [at]))],
    ['all', members.map((_, at) => at)],
  ])('has the bytes of a tar that never had %s', async (_, indices) => {
    const shard = await compose(members);
    const before = new Set(content.blocks.keys());
    const withheld = new Set(indices.map(cidAt));
    const live = await withholdSamples(shard, withheld, content);
    const added = [...content.blocks].filter(([cid]) => !before.has(cid));
    expect(new Set(live.withheld)).toEqual(withheld);
    if (indices.length === 1) {
      const bytes = added.reduce((sum, [, block]) => sum + block.length, 0);
      expect(bytes).toBeLessThan(65_536);
    }
    const left = members.filter(({ cid }) => !withheld.has(cid));
    const plain = await compose(left);
    expect(live).toMatchObject({ size: plain.size, samples: left.length });
    const bytes = Buffer.from(await readAll(content, live.cid));
    expect(bytes.equals(Buffer.from(await readAll(content, plain.cid)))).toBe(true);
  });

  it('is the same whichever were withheld first, and stays as it is without any', async () => {
    const shard = await compose(members);
    const [one, two] = [cidAt(3), cidAt(250)];
    const both = await withholdSamples(shard, new Set([two, one]), content);
    expect(await withholdSamples(shard, new Set([one, two]), content)).toEqual(both);
    const foreign = content.putFile(noise('another', 10)).cid;
    expect(await withholdSamples(shard, new Set([foreign]), content)).toEqual({
      ...{ cid: shard.cid, size: shard.size, samples: COUNT },
      withheld: [],
    });
  });

  it('is found by the order of the samples', async () => {
    const sorted = members.toSorted((a, b) =>
      orderKey('s', a.cid) < orderKey('s', b.cid) ? -1 : 1,
    );
    const parts = [sorted.slice(0, 5), sorted.slice(5, 200), sorted.slice(200)];
    const shards = await Promise.all(
      parts.map(async (part, index) => {
        const of = { config: 'images-png', split: 'train' as const, sha256: '', glueBytes: 0 };
        return { ...of, ...(await compose(part)), name: `${index}` };
      }),
    );
    const found = await findShards(
      { shards, seed: 's' },
      sorted.map(({ cid }) => cid),
      content,
    );
    expect([...found.values()]).toEqual(parts.map((part) => part.map(({ cid }) => cid)));
  });
});
