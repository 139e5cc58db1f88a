import type { WrittenTables } from '../../core/ports/revision-tables.ts';
import type { LiveView } from './live-release.ts';

/**
 * Returns `live.json`: what is served of a release now, and by which withdrawal lists. `written` are the
 * tables of the revision; undefined while they are being written.
 */
export function liveManifest(
  { release, manifest, revision, issued, withdrawn, shards }: LiveView,
  written: WrittenTables | undefined,
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
      const sha256 = shard.sha256 ?? written?.sums.get(cid) ?? null;
      return [{ name: of, cid, size, samples, sha256 }];
    }),
    /** Null while they are being written. */
    files: withdrawn.size === 0 ? manifest.files : (written?.files ?? null),
  };
}
