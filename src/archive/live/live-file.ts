import type { Cid } from '../../core/cid.ts';
import { SEALS } from '../../core/dataset/release-files.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Archive } from '../archive.ts';
import type { LiveView } from './live-release.ts';

/** A file of a release as it is served now. */
export interface LiveFile {
  readonly cid: Cid;
  readonly size: number;
}

/**
 * Returns a file of a release by its name: a shard without what was withdrawn, what was said of the release
 * when it was cut, or a table. Undefined where there is none of that name.
 *
 * @throws {ArchiveError} `not_found` for a table while anything is withdrawn: tables are those of the cut alone; `block_missing`.
 */
export async function liveFile(
  { release, manifest, revision, withdrawn, shards }: LiveView,
  name: string,
  { content }: Pick<Archive, 'content'>,
): Promise<LiveFile | undefined> {
  const shard = shards.get(name);
  if (shard !== undefined) return shard;
  if (Object.hasOwn(manifest.files, name)) {
    if (withdrawn.size === 0) return manifest.files[name];
    const text = `${name} is written for the cut alone, and not for revision ${revision}; live.json names the shards`;
    throw new ArchiveError('not_found', text);
  }
  if (!(Object.values(SEALS) as readonly string[]).includes(name)) return undefined;
  for await (const link of content.list(release)) {
    if (link.name !== name) continue;
    const stat = await content.stat(link.cid);
    if (stat !== undefined) return { cid: link.cid, size: stat.size };
  }
  throw new ArchiveError('block_missing', `${name} of ${release} is not here`);
}
