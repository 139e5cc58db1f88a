import { parseCid } from '../../core/cid.ts';
import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { ArchiveError } from '../../core/errors.ts';
import { LEVELS } from '../../core/policy/documents.ts';
import type { ReleaseRow } from '../../core/ports/release.ts';
import type { ReleaseContent } from '../release-content.ts';
import { readMetadata } from './read-metadata.ts';

/** Yields the rows of a release from one on, a group of them in memory. @throws {ArchiveError} as `Releases.rows`. */
export async function* releaseRows(
  { files }: Pick<ReleaseManifest, 'files'>,
  content: Pick<ReleaseContent, 'read'>,
  from: number,
): AsyncGenerator<ReleaseRow> {
  const table = files[RELEASE_FILES.metadata];
  if (table === undefined) throw new ArchiveError('release_invalid', 'the release has no rows');
  for await (const rows of readMetadata(table, content, from)) {
    for (const row of rows) {
      const level = LEVELS.find((one) => one === row.level);
      if (level === undefined) {
        throw new ArchiveError('release_invalid', `${row.asset_cid} has no level of evidence`);
      }
      const { media_type: mediaType, license: licence, self_vetted: selfVetted } = row;
      const asset = parseCid(row.asset_cid);
      yield { asset, size: Number(row.size), mediaType, licence, level, selfVetted };
    }
  }
}
