import type { Cid } from '../../core/cid.ts';
import type { ReleaseManifest, ReleaseShard } from '../../core/dataset/manifest.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { orderKey } from '../members/place-member.ts';
import type { ReleaseContent } from '../release-content.ts';
import { firstAsset } from './read-shard.ts';

/**
 * Returns the shards in which assets are, if they are in the release; see `Releases.shardsWith`. Samples are
 * ordered by the seed over the shards of a configuration and split, so there is one for each of these.
 */
export async function findShards(
  { shards, seed }: Pick<ReleaseManifest, 'shards' | 'seed'>,
  assets: Iterable<Cid>,
  content: Pick<ReleaseContent, 'getBlock'>,
): Promise<ReadonlyMap<string, readonly Cid[]>> {
  const firstKeys = new Map<string, string>();
  const found = new Map<string, Cid[]>();
  const runs = [...Map.groupBy(shards, ({ config, split }) => `${config} ${split}`).values()];
  const turn = takeTurns();
  for (const asset of assets) {
    await turn();
    const key = orderKey(seed, asset);
    for (const run of runs) {
      const { name } = await lastNotAfter(key, run);
      const held = found.get(name);
      if (held === undefined) found.set(name, [asset]);
      else held.push(asset);
    }
  }
  return found;

  async function lastNotAfter(key: string, run: readonly ReleaseShard[]): Promise<ReleaseShard> {
    let [low, high] = [0, run.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((await firstKey(run[middle] as ReleaseShard)) <= key) low = middle;
      else high = middle;
    }
    return run[low] as ReleaseShard;
  }

  async function firstKey(shard: ReleaseShard): Promise<string> {
    const first =
      firstKeys.get(shard.name) ?? orderKey(seed, (await firstAsset(shard, content)) ?? '');
    firstKeys.set(shard.name, first);
    return first;
  }
}
