import { ArchiveError } from '../../core/errors.ts';
import { type CutFile, cutFile } from './cut-file.ts';
import type { LiveView } from './live-release.ts';
import { servedTables, type TablesParts } from './served-tables.ts';

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
  parts: TablesParts,
): Promise<LiveFile | undefined> {
  const { manifest, revision, shards } = view;
  const shard = shards.get(name);
  if (shard !== undefined) return { ...shard, isStored: true };
  if (!Object.hasOwn(manifest.files, name)) {
    const cut = await cutFile(view, name, parts);
    return cut && { ...cut, isStored: true };
  }
  const served = await servedTables(view, parts);
  if (served === undefined) {
    const text = `${name} of revision ${revision} is being written; its shards are there, live.json names them`;
    throw new ArchiveError('busy', text, { retryable: true });
  }
  const table = Object.hasOwn(served.files, name) ? served.files[name] : undefined;
  return table && { ...table, isStored: served.written === undefined };
}
