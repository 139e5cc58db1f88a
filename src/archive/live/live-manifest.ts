import type { LiveView } from './live-release.ts';

/** Returns `live.json`: what is served of a release now, and by which withdrawal lists. */
export function liveManifest({ release, manifest, revision, withdrawn, shards }: LiveView) {
  const { name, version, purpose, requester } = manifest;
  return {
    ...{ spec: 'ringfence/live/1', release, name, version, purpose, requester, revision },
    withdrawn: withdrawn.size,
    /** Paths of the lists, each signed and naming the one before. */
    lists: Array.from({ length: revision }, (_, index) => `withdrawn/${index + 1}.json`),
    shards: manifest.shards.map(({ name: of }) => {
      const shard = shards.get(of);
      return {
        name: of,
        cid: shard?.cid,
        size: shard?.size,
        samples: shard?.samples,
        sha256: shard?.sha256,
      };
    }),
    /** Null while anything is withdrawn: tables are those of the cut alone. */
    files: withdrawn.size === 0 ? manifest.files : null,
  };
}
