import type { LiveView } from './live-release.ts';
import type { ServedTables } from './served-tables.ts';

/**
 * Returns `live.json`: what is served of a release now, and by which withdrawal lists. `served` are the
 * tables; undefined while they are being written.
 */
export function liveManifest(
  { release, manifest, revision, issued, withdrawn, shards }: LiveView,
  served: ServedTables | undefined,
) {
  const { name, version, purpose, requester } = manifest;
  return {
    ...{ spec: 'ringfence/live/1', release, name, version, purpose, requester, revision, issued },
    withdrawn: withdrawn.size,
    /** Paths of the lists, each signed and naming the one before. */
    lists: Array.from({ length: revision }, (_, index) => `withdrawn/${index + 1}.json`),
    shards: manifest.shards.flatMap(({ name: of }) => {
      const shard = shards.get(of);
      if (shard === undefined) return [];
      const { cid, size, samples } = shard;
      /** Null for one that was composed again, until the tables are there. */
      const sha256 = shard.sha256 ?? served?.written?.sums.get(cid) ?? null;
      return [{ name: of, cid, size, samples, sha256 }];
    }),
    /** Null while they are being written. */
    files: served?.files ?? null,
  };
}
