import { isCid } from '../../core/cid.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { LeftRelease } from '../../core/ports/revision-tables.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { ReleaseContent } from '../release-content.ts';
import { TAR_BLOCK, tarPadding, tarSize } from '../shards/tar-header.ts';
import type { MetadataRow } from '../tables/metadata-table.ts';
import { readMetadata } from '../tables/read-metadata.ts';

/** A shard whose rows are being read. */
interface OpenShard {
  readonly name: string;
  /** Rows of it so far. */
  ordinal: number;
  /** Samples of it that are left, and where the last of them ends. */
  samples: number;
  end: number;
}

/**
 * Yields the rows of what is left of a release, each with its place in the shard as it is now. Sizes tell
 * the places, so no shard is read; that it all adds up to the size of the shard is checked.
 *
 * @throws {ArchiveError} as `readMetadata`.
 */
export async function* leftRows(
  { manifest, withdrawn, shards }: LeftRelease,
  content: Pick<ReleaseContent, 'read'>,
): AsyncGenerator<MetadataRow> {
  const file = manifest.files[RELEASE_FILES.metadata];
  if (file === undefined) throw mismatch('there is none');
  const cut = new Map(manifest.shards.map((shard) => [shard.name, shard]));
  let open: OpenShard | undefined;
  const turn = takeTurns();

  function close({ name, ordinal, samples, end }: OpenShard): void {
    const [was, now] = [cut.get(name), shards.get(name)];
    if (was?.samples !== ordinal || now?.samples !== samples || now.size !== tarSize(end)) {
      throw mismatch(`it does not tell the samples of ${name}`);
    }
    cut.delete(name);
  }

  for await (const rows of readMetadata(file, content)) {
    for (const row of rows) {
      await turn();
      if (row.shard !== open?.name) {
        if (open !== undefined) close(open);
        const shard = cut.get(row.shard);
        if (shard?.config !== row.config || shard.split !== row.split) {
          throw mismatch(`there is no ${row.shard} of ${row.config} and ${row.split}`);
        }
        open = { name: row.shard, ordinal: 0, samples: 0, end: 0 };
      }
      if (row.ordinal !== open.ordinal || !isCid(row.key))
        throw mismatch('its rows are in disorder');
      open.ordinal += 1;
      if (withdrawn.has(row.key)) continue;
      const offset = open.end + TAR_BLOCK;
      const sidecar = padded(offset + Number(row.size)) + TAR_BLOCK;
      open.end = padded(sidecar + Number(row.json_size));
      const place = { offset: BigInt(offset), json_offset: BigInt(sidecar) };
      yield { ...row, ...place, ordinal: open.samples };
      open.samples += 1;
    }
  }
  if (open !== undefined) close(open);
  if (cut.size > 0) throw mismatch('it lacks rows');
}

/** Everything in a tar begins at a multiple of a block, so a place is padded as a size is. */
function padded(place: number): number {
  return place + tarPadding(place);
}

function mismatch(what: string): ArchiveError {
  return new ArchiveError('release_invalid', `metadata.parquet cannot be used: ${what}`);
}
