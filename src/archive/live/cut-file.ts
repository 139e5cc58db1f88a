import type { Cid } from '../../core/cid.ts';
import { SEALS } from '../../core/dataset/release-files.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Archive } from '../archive.ts';
import type { LiveView } from './live-release.ts';

/** A file of a release as it was cut. */
export interface CutFile {
  readonly cid: Cid;
  readonly size: number;
}

/**
 * Returns a file of a release as it was cut by its name, whatever was withdrawn since. Undefined where there
 * is none of that name.
 *
 * @throws {ArchiveError} `block_missing`.
 */
export async function cutFile(
  { release, manifest }: Pick<LiveView, 'release' | 'manifest'>,
  name: string,
  { content }: Pick<Archive, 'content'>,
): Promise<CutFile | undefined> {
  const shard = manifest.shards.find((one) => one.name === name);
  if (shard !== undefined) return shard;
  if (Object.hasOwn(manifest.files, name)) return manifest.files[name];
  if (!(Object.values(SEALS) as readonly string[]).includes(name)) return undefined;
  for await (const link of content.list(release)) {
    if (link.name !== name) continue;
    const stat = await content.stat(link.cid);
    if (stat !== undefined) return { cid: link.cid, size: stat.size };
  }
  throw new ArchiveError('block_missing', `${name} of ${release} is not here`);
}
