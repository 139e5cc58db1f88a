import type { Cid } from '../../core/cid.ts';
import type { ReleaseShard } from '../../core/dataset/manifest.ts';
import type { RemovedSample } from '../../core/ports/release.ts';
import type { ReleaseContent } from '../release-content.ts';
import { groupsOf } from './shard-groups.ts';

/**
 * Yields which of some assets are linked from shards; see `Releases.samplesAmong`. The empty file is linked
 * from none, and has nothing to miss.
 */
export async function* samplesAmong(
  shards: readonly Pick<ReleaseShard, 'name' | 'cid' | 'size'>[],
  assets: ReadonlySet<Cid>,
  content: Pick<ReleaseContent, 'getBlock'>,
): AsyncGenerator<RemovedSample> {
  if (assets.size === 0) return;
  for (const shard of shards) {
    for await (const { isTouched, children } of groupsOf(shard, assets, content)) {
      if (!isTouched) continue;
      for (const { cid: asset, fileSize: size } of children()) {
        if (assets.has(asset)) yield { asset, shard: shard.name, size };
      }
    }
  }
}
