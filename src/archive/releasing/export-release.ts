import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ExportedRelease, ReleaseOptions } from '../../core/ports/release.ts';
import type { Archive } from '../archive.ts';
import { tombstones } from '../removing/tombstones.ts';

/**
 * Writes a release as files; see `Releases.export`. One with a removed asset is not written, whether the bytes
 * are destroyed already or only withheld: its shards would lack what its digests and rows say of them.
 *
 * @throws {ArchiveError} `content_removed` before anything is written, and else as `Releases.export`.
 */
export async function exportRelease(
  release: Cid,
  folder: string,
  archive: Pick<Archive, 'releases' | 'ledger' | 'catalog' | 'clock'>,
  options: ReleaseOptions = {},
): Promise<ExportedRelease> {
  await refuseRemoved(release, archive);
  try {
    return await archive.releases.export(release, folder, options);
  } catch (error) {
    // A removal may have been carried out meanwhile.
    if (error instanceof ArchiveError && error.code === 'block_missing') {
      await refuseRemoved(release, archive);
    }
    throw error;
  }
}

async function refuseRemoved(
  release: Cid,
  archive: Pick<Archive, 'releases' | 'ledger' | 'catalog' | 'clock'>,
): Promise<void> {
  const removed = await tombstones(archive);
  if (removed.size === 0) return;
  const manifest = await archive.releases.manifest(release);
  const assets = new Set(removed.keys());
  for await (const { asset, shard } of archive.releases.samplesAmong(manifest, assets)) {
    const { removal, at, reason } = removed.get(asset) ?? {};
    throw new ArchiveError(
      'content_removed',
      `${shard} of ${release} held ${asset}, which was removed (${removal}, ${at}: ${reason}); ` +
        `"release verify" tells all that is missing. What is left is in the newest revision: run "serve" and ` +
        `"pull ${release} --from" its address, or cut a new version`,
    );
  }
}
