import { ArchiveError } from '../../core/errors.ts';
import type { Archive } from '../archive.ts';
import { type CutFile, cutFile } from './cut-file.ts';
import type { LiveView } from './live-release.ts';
import type { LiveTables } from './live-tables.ts';

/** A file of a release as it is served now. */
export interface LiveFile extends CutFile {
  /** Whether its blocks are in the content store; otherwise it is one of the tables of a revision. */
  readonly isStored: boolean;
}

/**
 * Returns a file of a release by its name: a shard without what was withdrawn, a table, or what vouches for
 * the release as it was cut. Undefined where there is none of that name.
 *
 * @throws {ArchiveError} `busy` for a table of a revision that is being written, or why it cannot be;
 * `block_missing`.
 */
export async function liveFile(
  view: LiveView,
  name: string,
  { content, tables }: Pick<Archive, 'content'> & { readonly tables: Pick<LiveTables, 'of'> },
): Promise<LiveFile | undefined> {
  const { manifest, revision, withdrawn, shards } = view;
  const shard = shards.get(name);
  if (shard !== undefined) return { ...shard, isStored: true };
  if (withdrawn.size === 0 || !Object.hasOwn(manifest.files, name)) {
    const cut = await cutFile(view, name, { content });
    return cut && { ...cut, isStored: true };
  }
  const written = await tables.of(view);
  if (written === undefined) {
    const text = `${name} of revision ${revision} is being written; its shards are there, live.json names them`;
    throw new ArchiveError('busy', text, { retryable: true });
  }
  const table = Object.hasOwn(written.files, name) ? written.files[name] : undefined;
  return table && { ...table, isStored: false };
}
