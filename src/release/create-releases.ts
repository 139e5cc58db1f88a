import type { Cid } from '../core/cid.ts';
import type { VerifySignature } from '../core/ports/keys.ts';
import type { ReleaseName, Releases } from '../core/ports/release.ts';
import type { RevisionTables } from '../core/ports/revision-tables.ts';
import { exportRelease } from './export-release.ts';
import { planRelease } from './plan-release.ts';
import { readManifest } from './read-manifest.ts';
import type { ReleaseContent } from './release-content.ts';
import { findShards } from './shards/find-shards.ts';
import { proofBlocks } from './shards/proof-blocks.ts';
import { samplesAmong } from './shards/samples-among.ts';
import { withholdSamples } from './shards/withhold-samples.ts';
import { eraseWords } from './tables/erase-words.ts';

/**
 * Returns releases over this content store. Large cuts sort their members in a file in `scratch`, a
 * folder that exists and stays the caller's; about 1 KB per asset, unlinked from the start.
 */
export function createReleases(parts: {
  readonly content: ReleaseContent;
  readonly scratch: string;
  readonly verifySignature: VerifySignature;
  /** Tables of revisions, in which erased words may be as well. */
  readonly revisionTables: Pick<RevisionTables, 'drop'>;
}): Releases {
  const { content, verifySignature, revisionTables } = parts;
  const read = (release: Cid) => readManifest(release, content, verifySignature);
  const names = new Map<Cid, ReleaseName>();
  return {
    // What writes tables is loaded where one is written.
    plan: (request, members, options) => planRelease(request, members, parts.scratch, options),
    cut: async (request, members, seal, options) =>
      (await import('./cut-release.ts')).cutRelease(request, members, seal, parts, options),
    manifest: async (release) => (await read(release)).manifest,
    async nameOf(release) {
      const known = names.get(release);
      if (known !== undefined) return known;
      const { name, version } = (await read(release)).manifest;
      names.set(release, { name, version });
      return { name, version };
    },
    async *rows(manifest, { from = 0 } = {}) {
      yield* (await import('./tables/release-rows.ts')).releaseRows(manifest, content, from);
    },
    verify: async (release, options) =>
      (await import('./verify-release.ts')).verifyRelease(release, read, content, options),
    samplesAmong: ({ shards }, assets) => samplesAmong(shards, assets, content),
    shardsWith: (manifest, assets) => findShards(manifest, assets, content),
    withhold: (shard, assets) => withholdSamples(shard, assets, content),
    proof: (file, withheld) => proofBlocks(file, withheld, content),
    async eraseWords(release, records) {
      try {
        return await eraseWords((await read(release)).manifest, records, content);
      } finally {
        // What writes them may have read the words before.
        await revisionTables.drop(release);
      }
    },
    export: async (release, folder, options) =>
      exportRelease(await read(release), folder, content, options),
  };
}
