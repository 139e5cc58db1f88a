import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { WORDS } from '../../core/dataset/release-files.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { WrittenTables } from '../../core/ports/revision-tables.ts';
import type { Archive } from '../archive.ts';
import type { LiveView } from './live-release.ts';
import type { LiveTables } from './live-tables.ts';

/** All that is served of a release now beside its shards. */
export interface ServedTables {
  readonly files: ReleaseManifest['files'];
  /** What was written for the revision; undefined where the files are those of the cut. */
  readonly written: WrittenTables | undefined;
}

/** What is needed to know which tables are served. */
export type TablesParts = Pick<Archive, 'content'> & { readonly tables: Pick<LiveTables, 'of'> };

/**
 * Returns the tables that are served with what is left of a release: those that it was cut with for as long as
 * nothing is withdrawn and no word in them is erased. Undefined while others are being written.
 *
 * @throws {ArchiveError} what keeps them from being written.
 */
export async function servedTables(
  view: LiveView,
  { content, tables }: TablesParts,
): Promise<ServedTables | undefined> {
  const { files } = view.manifest;
  if (await isAsCut(view, content)) return { files, written: undefined };
  const written = await tables.of(view);
  return written && { files: written.files, written };
}

async function isAsCut(
  { withdrawn, manifest: { files } }: LiveView,
  content: Pick<Archive['content'], 'locate'>,
): Promise<boolean> {
  if (withdrawn.size > 0) return false;
  try {
    for (const name of WORDS) if (files[name] !== undefined) await content.locate(files[name].cid);
    return true;
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'block_missing') return false;
    throw error;
  }
}
