import { join } from 'node:path';
import { openContentStore } from '../../../src/content/open-content-store.ts';
import type { Cid } from '../../../src/core/cid.ts';
import type { LeftShard } from '../../../src/core/ports/revision-tables.ts';
import { releaseSeal } from '../../../test/support/release-seal.ts';
import { measure, type Row } from './measure.ts';
import { requestFor, stored } from './members.ts';
import { releasesOver } from './releases-over.ts';

/**
 * Withdraws one of so many assets from a release of them: until its shard is composed again and durable, and
 * then until the tables of the revision are on disk.
 */
export async function revise(count: number, folder: string, rows: Row[]) {
  await using content = await openContentStore({
    indexPath: join(folder, 'revised.db'),
    packDirectories: [join(folder, 'revised')],
  });
  const members = await stored(count, content, (index) => 1_000 + ((index * 7919) % 8_000));
  const { releases, revisionTables } = releasesOver(content, folder);
  const request = { ...requestFor('revised'), maxShardBytes: 256 * 2 ** 20 };
  const { release } = await releases.cut(request, members, releaseSeal());
  const manifest = await releases.manifest(release);
  const shards = new Map<string, LeftShard>(manifest.shards.map((shard) => [shard.name, shard]));
  const gone = members[count >> 1]?.cid as Cid;
  const { bytes: before } = await content.stats();
  await measure('withhold one, durable', count, undefined, rows, async () => {
    for (const [name, assets] of await releases.shardsWith(manifest, [gone])) {
      const shard = shards.get(name) as LeftShard;
      shards.set(name, {
        name,
        ...(await releases.withhold(shard, new Set(assets))),
        sha256: null,
      });
    }
    await content.sync([]);
  });
  const { bytes: after } = await content.stats();
  const withdrawn = new Set([gone]);
  const left = { release, manifest, shards, withdrawn, revision: 1, issued: manifest.created };
  const { signal } = new AbortController();
  await measure('tables of the revision', count, undefined, rows, () =>
    revisionTables.write(left, { signal }),
  );
  const largest = Math.max(...manifest.shards.map(({ size }) => size));
  return { revisedShardBytes: after - before, largestShardMiB: Math.round(largest / 2 ** 20) };
}
